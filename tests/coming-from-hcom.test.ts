// The page for people who change over speaks of this program as it is: what it says is here is here,
// and nothing of ours is left out.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandNamed, commandNames, loadCommand } from "../src/commands/index.ts";

const page = readFileSync(join(import.meta.dir, "../docs/coming-from-hcom.md"), "utf8");
/** The cells of each row: there, here, how it compares. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| There"))
  .map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const verdict = /^(same|better|different|not yet|new)\b/;

test("each row says how it compares, and what is here where something is", () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const [there = "", here = "", compared = ""] of rows) {
    expect(compared).toMatch(verdict);
    expect([there, here === ""]).toEqual([there, compared.startsWith("not yet")]);
  }
});

test("the commands and flags that it names exist", async () => {
  for (const [, here = ""] of rows) {
    const [word, ...flags] = here.replaceAll("`", "").split(" ").slice(1);
    if (word === undefined || word === "[N]") continue;
    const name = commandNamed(word);
    expect([here, name]).not.toEqual([here, undefined]);
    const command = await loadCommand(name ?? "");
    const known = command.flags.map((flag) => `--${flag.name}`);
    expect([here, flags.filter((flag) => !known.includes(flag))]).toEqual([here, []]);
  }
});

test("no command of ours is left out", () => {
  const named = new Set(rows.map(([, here = ""]) => commandNamed(here.split(/[` ]+/)[2] ?? "")));
  const internal = ["pty", "overview"];
  expect(commandNames.filter((name) => !named.has(name) && !internal.includes(name))).toEqual([]);
});
