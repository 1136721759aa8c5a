// The page for people who change over speaks of this program as it is: what it says is here is here,
// what it says is missing is said to be, and nothing of ours is left out.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandNamed, commandNames, loadCommand } from "../src/commands/index.ts";
import { settingRows } from "../src/core/setting.ts";
import { hcom, plainEnv, tempDir } from "./process/lab.ts";

const page = readFileSync(join(import.meta.dir, "../docs/coming-from-hcom.md"), "utf8");

interface Row {
  there: string;
  here: string;
  compared: string;
}

function rowsOf(heading: string): Row[] {
  const [section = ""] = (page.split(`\n## ${heading}\n`)[1] ?? "").split("\n## ");
  return section
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| There"))
    .map((line) => {
      const cells = line.split(/(?<!\\)\|/).slice(1, -1);
      const [there = "", here = "", compared = ""] = cells.map((cell) => cell.trim());
      return { there, here, compared };
    });
}

const commands = rowsOf("Commands");
const settings = rowsOf("Settings");
const words = (cell: string) => cell.replaceAll("`", "").split(/[ ,]+/).filter(Boolean);

test("each row says how it compares, and what is here where something is", () => {
  expect(commands.length).toBeGreaterThan(30);
  for (const { there, here, compared } of [...commands, ...settings]) {
    expect(compared).toMatch(/^(same|better|different|not yet|new)\b/);
    expect([there, here === ""]).toEqual([there, compared.startsWith("not yet")]);
    expect([here, there === ""]).toEqual([here, compared.startsWith("new")]);
  }
});

test("the commands and flags that it names exist", async () => {
  for (const { here } of commands) {
    const [word, ...flags] = words(here).slice(1);
    if (word === undefined || word === "[N]" || word === "help") continue;
    const name = commandNamed(word);
    expect([here, name]).not.toEqual([here, undefined]);
    const command = await loadCommand(name ?? "");
    const known = command.flags.map((flag) => `--${flag.name}`);
    expect([here, flags.filter((flag) => !known.includes(flag))]).toEqual([here, []]);
  }
});

/** All that the original understands (0.7.31), command by command. */
const theirs: Readonly<Record<string, string>> = {
  launch:
    "--tag --terminal --dir --headless --go --batch-id --hcom-prompt --hcom-system-prompt " +
    "--run-here --no-run-here --pty",
  again: "r resume f fork",
  send:
    "--intent --reply-to --thread --from -b --stdin --file --base64 --quiet " +
    "--title --description --events --files --transcript --extends",
  listen: "--timeout --json --sql --idle",
  list: "-v --json --names --format --sh --stopped --all --last usage self",
  events:
    "--last --full --sql --wait --agent --type --status --context --file --cmd --from " +
    "--mention --action --intent --thread --reply-to --after --before --idle --blocked " +
    "--collision --follow --after-id --all launch --participant --remote-fetch --device " +
    "sub unsub --once --for --as --on-hit",
  life: "start --orphan stop kill",
  transcript: "--detailed --range timeline search",
  term: "inject --enter --clean debug",
  status: "--logs",
  config: "--info --reset -i --edit bootstrap",
  "for any": "--name --go --json --help --version",
  others: "hooks run --source archive reset bundle update relay daemon",
};

test("every command and flag of theirs is spoken of", () => {
  const said = commands.map(({ there, compared }) => `${there} ${compared}`).join(" ");
  const spoken = new Set(said.replace(/[^\w-]+/g, " ").split(" "));
  const wanted = Object.values(theirs).flatMap((line) => line.split(" "));
  expect(wanted.filter((word) => !spoken.has(word))).toEqual([]);
});

test("no command of ours is left out", () => {
  const named = new Set(commands.map(({ here }) => commandNamed(words(here)[1] ?? "")));
  const internal = ["pty", "rpc", "overview", "relay-worker", "remote"];
  expect(commandNames.filter((name) => !named.has(name) && !internal.includes(name))).toEqual([]);
});

test("flags of theirs that it calls missing are none of ours", async () => {
  for (const { there, compared } of commands.filter((row) => row.here === "")) {
    const name = commandNamed(words(there)[0] ?? "");
    if (name === undefined) continue;
    const known = (await loadCommand(name)).flags.map((flag) => `--${flag.name}`);
    expect([compared, words(there).filter((word) => known.includes(word))]).toEqual([compared, []]);
  }
});

test("a command that is still to come says so", async () => {
  using dir = tempDir();
  const row = commands.find(({ there }) => there.startsWith("`update`"));
  const missing = words(row?.there ?? "");
  expect(missing.length).toBeGreaterThan(1);
  for (const word of missing) {
    const run = await hcom(plainEnv(dir.path), [word]);
    expect([run.code, run.err]).toEqual([2, expect.stringContaining("is not in this version")]);
  }
});

test("each setting of ours stands there once, with what it was called before", () => {
  const here = settings.flatMap((row) => words(row.here));
  expect(here.toSorted()).toEqual(
    settingRows()
      .map((row) => row.key)
      .toSorted(),
  );
  for (const row of settings.filter(({ compared }) => !compared.startsWith("new"))) {
    const setting = settingRows().find(({ key }) => key === row.here.replaceAll("`", ""));
    if (setting === undefined) continue;
    expect(words(row.there)).toEqual([setting.key, ...setting.aliases]);
  }
});
