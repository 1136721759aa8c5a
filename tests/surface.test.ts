// The command line as scripts and agents meet it: help, exit codes, errors, streams. Everything
// goes through the program itself, with a home and an HCOM_DIR of its own.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasMarker, markedNames, markerOf } from "../src/core/marker.ts";
import { toolNames } from "../src/tools/index.ts";
import { program as built } from "./kit/built.ts";

const root = mkdtempSync(`${tmpdir()}/hcom-surface-`);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const program = [process.execPath, ...built("hcom.js", "main-hcom.ts")];

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

interface Setting {
  env?: Record<string, string>;
  stdin?: string;
  /** Standard input is there and says nothing, as under a program that waits for us. */
  isOpen?: boolean;
}

function environment(extra: Record<string, string> = {}): Record<string, string> {
  // Bun keeps translated sources at home; the built program has none.
  const bun = { BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" };
  return { HOME: root, HCOM_DIR: `${root}/hcom`, PATH: "/usr/bin:/bin", ...bun, ...extra };
}

const limitMs = 20_000;

async function hcom(argv: readonly string[], setting: Setting = {}): Promise<Ran> {
  return run([...program, ...argv], setting);
}

async function run(words: string[], setting: Setting): Promise<Ran> {
  const child = Bun.spawn(words, {
    cwd: root,
    env: environment(setting.env),
    stdin: setting.isOpen ? "pipe" : Buffer.from(setting.stdin ?? ""),
    stdout: "pipe",
    stderr: "pipe",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const [stdout, stderr, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  clearTimeout(timer);
  if (child.signalCode === "SIGKILL") throw new Error(`${words.slice(5).join(" ")} never ended`);
  return { code, stdout, stderr };
}

/** Ids of messages between luna and nova. */
const ids = { request: "", inform: "", ack: "" };

beforeAll(async () => {
  for (const name of ["luna", "nova"]) {
    expect((await hcom(["start", "--as", name])).code).toBe(0);
  }
  const say = async (from: string, to: string, ...flags: string[]) => {
    const { stdout } = await hcom([
      "send",
      `@${to}`,
      "--name",
      from,
      "--json",
      ...flags,
      "--",
      "x",
    ]);
    return String(JSON.parse(stdout).id);
  };
  ids.request = await say("luna", "nova", "--intent", "request");
  ids.inform = await say("luna", "nova", "--intent", "inform");
  ids.ack = await say("nova", "luna", "--intent", "ack", "--reply-to", ids.request);
  writeFileSync(`${root}/large`, "x".repeat(1_048_577));
  writeFileSync(`${root}/empty`, "\n");
});

/** Commands of the overview, without the lines that start agents. */
function commandsIn(overview: string): string[] {
  return [...overview.matchAll(/^ {2}(?!hcom )([a-z]+) /gm)].map((match) => match[1] ?? "");
}

describe("help", () => {
  test("of the program names every command", async () => {
    const { code, stdout, stderr } = await hcom(["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatchSnapshot();
    for (const words of [["help"], ["-h"]]) expect((await hcom(words)).stdout).toBe(stdout);
  });
  test("of every command is as pinned", async () => {
    const names = commandsIn((await hcom(["--help"])).stdout);
    expect(names.length).toBeGreaterThan(10);
    // `hcom claude --help` is the program's own.
    const shown = await Promise.all([
      ...names.map((name) => hcom([name, "--help"])),
      ...["claude", "codex"].map((name) => hcom(["help", name])),
      ...["overview", "pty"].map((name) => hcom([name, "--help"])),
    ]);
    expect(shown.filter((one) => one.code !== 0 || one.stderr !== "")).toEqual([]);
    expect(shown.map((one) => one.stdout).join(`\n${"=".repeat(80)}\n\n`)).toMatchSnapshot();
  });
  test("fits a terminal of eighty columns, in a pipe, too", async () => {
    const names = commandsIn((await hcom(["--help"])).stdout);
    const shown = await Promise.all([
      ...names.map((name) => hcom([name, "--help"])),
      ...["claude", "exit-codes", "pty", "overview"].map((name) => hcom(["help", name])),
      ...[["--help"], ["docs", "--cli"]].map((words) => hcom(words)),
    ]);
    const lines = shown.flatMap((one) => one.stdout.split("\n"));
    expect(lines.filter((line) => Bun.stringWidth(line) > 80)).toEqual([]);
  });
  test("shows how, by an example", async () => {
    const names = commandsIn((await hcom(["--help"])).stdout);
    const shown = await Promise.all(names.map((name) => hcom([name, "--help"])));
    const bare = names.filter((_, at) => shown[at]?.stdout.includes("\nExamples:\n") !== true);
    expect(bare).toEqual([]);
  });
  test("of list explains every field that there is, and its examples run", async () => {
    const { stdout } = await hcom(["list", "--help"]);
    const [one] = JSON.parse((await hcom(["list", "--json"])).stdout);
    const [, table = ""] = /may be:\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
    const lefts = [...table.matchAll(/^ {2}(\w.*?) {2}/gm)].map((row) => row[1] ?? "");
    const named = lefts.flatMap((left) => left.split(", "));
    expect(named.sort()).toEqual(Object.keys(one).sort());
    const [, format = ""] = /--format '(.*)'/.exec(stdout) ?? [];
    expect((await hcom(["list", "--format", format])).code).toBe(0);
  });
  test("is the same by either order of the words", async () => {
    const [one, two] = [await hcom(["help", "send"]), await hcom(["send", "-h"])];
    expect(one).toEqual(two);
  });
});

test("the version is one line", async () => {
  for (const word of ["--version", "-V", "version"]) {
    const { code, stdout } = await hcom([word]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^hcom \d+\.\d+\.\d+\n$/)]);
  }
});

describe("is refused", () => {
  /** What is typed, the exit code, and what the message must say. */
  const table: [words: string[], code: number, says: RegExp][] = [
    [["snd"], 2, /unknown command "snd" - did you mean send\?/],
    [["2"], 2, /2 of which tool\?\n.*hcom 2 claude/],
    [["2", "cluade", "x"], 2, /no tool "cluade" - did you mean claude\?/],
    [["xyzzy"], 2, /unknown command "xyzzy"$/m],
    [["list", "--vebrose"], 2, /unknown flag --vebrose - did you mean --verbose\?/],
    [["send", "--thread", "--", "x"], 2, /--thread needs a value/],
    [["events", "--type"], 2, /--type needs a value/],
    [["list", "--json=1"], 2, /--json takes no value/],
    [["send", "@zzzz", "--", "hi"], 3, /no agent @zzzz\. Available: /],
    [["send", "@lnua", "--", "hi"], 3, /did you mean @luna/],
    [["send", "@name", "--", "hi"], 3, /@name stands for an agent's name/],
    [["send", "@luna", "--", " "], 2, /the message is empty/],
    [["send", "@luna", "--"], 2, /the message is empty/],
    [["send", "@luna"], 2, /there is no message: standard input is empty/],
    [["send", "@luna", "--file", "empty"], 2, /the file empty is empty/],
    [["send", "@luna", "--file", "nowhere"], 1, /cannot read nowhere/],
    [["send", "@luna", "--file", "large"], 1, /1048577 bytes, the limit is 1048576/],
    [["send", "@luna", "--base64", "%%%"], 2, /is not base64/],
    [["send", "luna", "--", "x"], 2, /"luna" begins with no @ - did you mean @luna\?/],
    [["send", "@luna", "--stdin", "--", "x"], 2, /one message only.*--stdin, the words after --/],
    [["send", "@luna", "two", "words"], 2, /put -- before it: hcom send @luna -- two words$/m],
    [["send", "luna", "two", "it's"], 2, /put -- before it: hcom send @luna -- two 'it.+s'$/m],
    [["send", "luna,", "two"], 2, /put -- before it: hcom send @luna -- two$/m],
    [["send", "two", "words"], 2, /put -- before it: hcom send -- two words$/m],
    [["send", "@", "--", "x"], 2, /empty target/],
    [["send", "@luna", "--", "bell \u0007"], 2, /control character U\+0007 at position 6/],
    [["send", "@luna", "--", "@[hcom-events]"], 2, /is hcom itself/],
    [["send", "@luna", "--thread", "a b", "--", "x"], 2, /thread "a b" must be made of/],
    [["send", "@luna", "--intent", "maybe", "--", "x"], 2, /intent "maybe" is none of request/],
    [["send", "@luna", "--intent", "ack", "--", "x"], 2, /an ack must say what it answers/],
    [["send", "@luna", "--reply-to", "99999", "--", "x"], 3, /no message with that id/],
    [["send", "@luna", "--from", "a@b", "--", "x"], 2, /--from "a@b" has a character/],
    [["send", "@luna", "--name", "zzzz", "--", "x"], 3, /no agent "zzzz" to act as/],
    [["list", "zzzz"], 3, /no agent "zzzz"/],
    [["list", "luna", "colour"], 2, /no field "colour"\n {2}there are: name, /],
    [["list", "--format", "{colour}"], 2, /no field "colour"/],
    [["list", "self"], 1, /you are the person here, and no agent/],
    [["list", "--stopped", "zzzz"], 3, /no agent "zzzz"/],
    [["listen", "soon"], 2, /"soon" is not a number of seconds/],
    [["read", "x"], 2, /name one message by its number/],
    [["read", "99999"], 3, /no event #99999/],
    [["why", "x"], 2, /name one message by its number/],
    [["why", "1", "2"], 2, /name one message by its number/],
    [["stop"], 1, /you are the person here, and no agent/],
    [["stop", "zzzz"], 3, /no agent "zzzz"/],
    [["stop", "all", "luna"], 2, /all stands alone/],
    [["kill"], 2, /name whom/],
    [["kill", "zzzz"], 3, /no agent "zzzz"/],
    [["term", "zzzz"], 3, /no agent "zzzz"/],
    [["term", "luna"], 1, /no terminal of luna/],
    [["events", "--sql", "nonsense("], 2, /SQL filter is not valid/],
    [["events", "--last", "many"], 2, /--last takes a whole number, not "many"/],
    [["events", "everything"], 2, /conditions are flags/],
    [["transcript"], 1, /you are the person here, and no agent/],
    [["transcript", "zzzz"], 3, /no agent "zzzz"/],
    [["transcript", "luna", "0"], 2, /invalid range "0"/],
    [["transcript", "luna"], 1, /luna has no program, so no transcript/],
    [["config", "timeout", "0"], 2, /timeout must be a whole number of seconds from 1 to 86400/],
    [["config", "tag", "a;b"], 2, /tag must be free of/],
    [["config", "colour", "x"], 2, /no setting "colour"/],
    [["config", "terminal", "tmx"], 2, /no terminal "tmx" - did you mean tmux\?\n.*tmux-split/],
    [["help", "nope"], 2, /unknown command "nope"/],
    [["help", "lsit"], 2, /did you mean list\?/],
    [["send"], 2, /say what, and to whom/],
    [["start", "luna"], 2, /what is "luna"\?/],
    [["status", "x", "y"], 2, /what is "x y"\? it takes no words/],
    [["list", "luna", "name", "too"], 2, /what is "too"\? it takes at most 2/],
    [["stop", "tag:nope"], 3, /nobody here has tag:nope/],
    [["kill", "tag:nope"], 3, /nobody here has tag:nope/],
    [["events", "--agent", "nobody"], 3, /no agent "nobody" was ever here/],
    [["events", "--from", "lnua"], 3, /did you mean luna\?/],
    [["events", "--intent", "requst"], 2, /cannot be "requst" - did you mean request\?/],
    [["events", "--after", "soon"], 2, /--after "soon" is not a time\n.*10m/],
    [["events", "--last", "2.5"], 2, /--last takes a whole number/],
    [["events", "--follow", "--after-id", "1.5"], 2, /--after-id takes a whole number/],
    [["events", "--once"], 2, /--once does not go with "events" alone\n.*hcom events sub/],
    [["events", "--on-hit", "x", "--last", "1"], 2, /--on-hit does not go with --last/],
    [["events", "sub", "idle:luna", "--last", "3"], 2, /--last does not go with "events sub"/],
    [["events", "sub", "idle:luna", "--wait"], 2, /--wait does not go with "events sub"/],
    [["events", "sub", "--search", "x"], 2, /--search does not go with "events sub"/],
    [
      ["events", "sub", "idle:luna", "--for", "nova", "--on-hit", "x"],
      2,
      /--(on-hit|for) does not go with --/,
    ],
    [["events", "unsub", "x", "--agent", "luna"], 2, /--agent does not go with "events unsub"/],
    [["events", "--wait", "1", "--follow"], 2, /--follow does not go with --wait/],
    [["events", "--wait", "1", "--last", "3"], 2, /--wait does not go with --last/],
    [["events", "--after-id", "3"], 2, /--after-id needs --follow/],
    [["events", "--search", "x", "--agent", "luna"], 2, /does not go with --/],
    [["list", "--last", "3"], 2, /--last needs --stopped/],
    [["list", "--names", "--ndjson"], 2, /--ndjson does not go with --names/],
    [["list", "review-"], 3, /nobody here has tag:review/],
    [["list", "review-", "status"], 2, /a field is asked of one agent/],
    [["config", "--reset", "--info"], 2, /--reset does not go with --info/],
    [["inbox", "--watch", "--wait"], 2, /--watch does not go with --wait/],
    [["term", "luna", "--enter"], 2, /--enter does not go with "term" alone\n.*term inject/],
    [["mcp", "status", "--store", "x"], 2, /--store does not go with "mcp status"/],
    [["channel", "list", "--limit", "3"], 2, /--limit does not go with "channel list"/],
    [["channel", "send", "ops", "--file", "x", "--", "y"], 2, /one message only/],
    [["channel", "history", "ops", "--since", "soon"], 3, /no channel "ops"/],
    [["channel", "create", "a b"], 2, /Invalid channel name/],
    [["channel", "create", "ops", "--type", "roon"], 2, /Unknown channel type: roon/],
    [["config", "-i", "luna", "colour", "x"], 2, /an agent has no setting "colour"/],
    [["hooks", "frobnicate"], 2, /what is "frobnicate"\?/],
    [["hooks", "add", "emacs"], 2, /there is no tool "emacs"/],
    [["start", "--as", "bigboss"], 2, /cannot be an agent's name/],
    [["claude"], 3, /Claude is not installed/],
    [["0", "claude"], 2, /0 agents is none/],
    [["11", "codex"], 2, /11 Codex agents at once are too many/],
    [["claude", "--tag"], 2, /--tag needs a value/],
    [["pty"], 2, /name a tool and a program/],
  ];
  for (const [words, code, says] of table) {
    test(words.join(" "), async () => {
      const ran = await hcom(words);
      expect(ran.stderr).toMatch(says);
      expect(ran.stderr).toStartWith("Error: ");
      expect([ran.code, ran.stdout]).toEqual([code, ""]);
    });
  }

  test("an ack of an ack, and an ack of an inform", async () => {
    const ack = (id: string) =>
      hcom(["send", "@luna", "--intent", "ack", "--reply-to", id, "--", "ok"]);
    const [ofAck, ofInform] = [await ack(ids.ack), await ack(ids.inform)];
    expect(ofAck.stderr).toMatch(/that message is an ack itself/);
    expect(ofInform.stderr).toMatch(/that message is an inform/);
    expect([ofAck.code, ofInform.code]).toEqual([1, 1]);
  });

  test("a setting that is not valid, and the file stays as it is", async () => {
    expect((await hcom(["config", "tag", "kept"])).code).toBe(0);
    const before = await Bun.file(`${root}/hcom/config.toml`).text();
    expect((await hcom(["config", "tag", "not valid"])).code).toBe(2);
    expect(await Bun.file(`${root}/hcom/config.toml`).text()).toBe(before);
  });
});

describe("with --json an error", () => {
  const cases: [words: string[], code: string, exit: number][] = [
    [["--json", "snd"], "unknown_command", 2],
    [["list", "--json", "--vebrose"], "usage", 2],
    [["send", "@zzzz", "--json", "--", "x"], "unknown_target", 3],
    [["--json", "read", "99999"], "no_message", 3],
    [["config", "timeout", "0", "--json"], "invalid_setting", 2],
    [["--json", "claude"], "tool_missing", 3],
  ];
  for (const [words, code, exit] of cases) {
    test(`is one object: ${words.join(" ")}`, async () => {
      const ran = await hcom(words);
      expect(JSON.parse(ran.stdout)).toEqual({
        error: { code, message: expect.stringMatching(/./), hint: expect.anything() },
      });
      expect([ran.code, ran.stderr]).toEqual([exit, ""]);
    });
  }
  test("is text when --json stands behind --", async () => {
    const ran = await hcom(["send", "@zzzz", "--", "--json"]);
    expect([ran.stdout, ran.stderr]).toEqual(["", expect.stringMatching(/^Error: no agent/)]);
  });
});

describe("with --json standard output is JSON:", () => {
  const inside = { CLAUDECODE: "1" };
  const luna = { HCOM_DIR: `${root}/json` };
  const settled = { ...luna, HCOM_TAG: "fixed" };
  let id = "";
  beforeAll(async () => {
    for (const name of ["luna", "nova", "kira"]) {
      expect((await hcom(["start", "--as", name], { env: luna })).code).toBe(0);
    }
    const sent = await hcom(["send", "@luna", "--json", "--", "hi"], { env: luna });
    id = String(JSON.parse(sent.stdout).id);
  });

  /** In this order: what is typed, the exit code, and the first line of the answer. */
  const table: [words: string, code: number, first: unknown, env?: Record<string, string>][] = [
    ["", 0, { self: null }],
    ["overview", 0, { self: null }],
    ["status", 0, { hcom_exists: true }],
    ["status --logs", 0, { hcom_exists: true }],
    ["list", 0, [{ tag: null }, {}, {}]],
    ["list --names", 0, ["kira", "nova", "luna"]],
    ["list --ndjson", 0, { _self: { name: null } }],
    ["list luna", 0, { name: "luna" }],
    ["list @luna status", 0, { status: "inactive" }],
    ["list self --name @luna --sh", 0, { name: "luna" }],
    ["list self", 1, { error: { code: "no_identity" } }],
    ["list --stopped", 0, []],
    ["read ID", 0, { text: "hi" }],
    ["read #ID", 0, { text: "hi" }],
    ["read x", 2, { error: { code: "usage" } }],
    ["why ID", 0, { deliveries: [{ recipient: "luna" }] }],
    ["why 1", 3, { error: { code: "no_message" } }],
    ["term luna", 1, { error: { code: "no_terminal" } }],
    ["events --type message --last 1", 0, { type: "message" }],
    ["events --agent luna --type life --wait 0 --after now", 1, { timed_out: true }],
    ["events --agent nobody", 3, { error: { code: "not_found" } }],
    ["transcript luna", 1, { error: { code: "unknown_transcript" } }],
    ["transcript luna 2-1", 2, { error: { code: "invalid_range" } }],
    ["listen 1 --name luna", 0, { text: "hi" }],
    ["start --as nova", 0, { name: "nova", is_new: true }],
    ["start --name nova", 0, { name: "nova", is_new: false }],
    ["config", 0, { tag: "" }],
    ["config tag", 0, { tag: "", source: "default" }],
    ["config tag web", 0, { tag: "web", source: "toml" }],
    ["config tag api", 0, { tag: "fixed", source: "env" }, settled],
    ["config tag --info", 0, { key: "tag", value: "api", env: "HCOM_TAG" }],
    ["config colour", 0, { colour: null, source: "unknown" }],
    ["config colour x", 2, { error: { code: "unknown_setting" } }],
    ["config -i luna", 0, { name: "luna" }],
    ["config -i luna hints short", 0, { hints: "short" }],
    ["config -i @luna hints", 0, { hints: "short" }],
    ["config -i self hints", 1, { error: { code: "no_identity" } }],
    ["config --reset", 0, { archived: [expect.stringContaining("config.toml")] }],
    ["hooks", 0, toolNames.map(() => ({ state: "not_installed" }))],
    ["hooks remove", 0, toolNames.map(() => ({ state: "nothing_to_remove" }))],
    ["hooks uninstall codex", 0, [{ state: "nothing_to_remove" }]],
    ["claude", 3, { error: { code: "tool_missing" } }],
    ["claude --tag", 2, { error: { code: "usage" } }],
    ["stop all", 0, { needs_go: true, would_stop: [{ headless: false }, {}, {}] }, inside],
    ["stop luna --name zzzz", 3, { error: { code: "unknown_identity" } }],
    ["kill luna --name zzzz", 3, { error: { code: "unknown_identity" } }],
    ["stop tag:none", 3, { error: { code: "not_found" } }],
    ["stop --name luna", 0, { stopped: ["luna"], log_files: [] }],
    ["stop @nova", 0, { stopped: ["nova"] }],
    ["kill @kira --name kira", 0, { killed: [{ name: "kira", outcome: "no_process" }] }],
    ["kill all", 0, { killed: [] }],
    ["stop all", 0, { stopped: [] }],
  ];
  for (const [words, code, first, env] of table) {
    test(words === "" ? "(nothing)" : words, async () => {
      const argv = [...words.replace("ID", id).split(" "), "--json"].filter((word) => word !== "");
      const ran = await hcom(argv, { env: { ...luna, ...env } });
      const lines = ran.stdout.trim().split("\n");
      const values = lines.map((line): unknown => JSON.parse(line));
      expect(values[0]).toMatchObject(first as object);
      expect(ran.code).toBe(code);
    });
  }

  test("what ended says who ended it", async () => {
    const { stdout } = await hcom(["events", "--action", "stopped"], { env: luna });
    const ends = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(ends.map(({ instance, data }) => [instance, data.by, data.reason])).toEqual([
      ["nova", "nova", "reclaimed"],
      ["luna", "luna", "self"],
      ["nova", "user", "external"],
      ["kira", "kira", "killed"],
    ]);
  });
});

test("start says the name at both ends of its text, where a hook finds it", async () => {
  const { stdout } = await hcom(["start", "--as", "luna"], { env: { HCOM_DIR: `${root}/marker` } });
  const lines = stdout.trimEnd().split("\n");
  expect([lines[0], lines.at(-1)]).toEqual([markerOf("luna"), markerOf("luna")]);
  expect([hasMarker(stdout), markedNames(stdout).at(-1)]).toEqual([true, "luna"]);
  expect(markedNames("[HCOM:BIND:nova] [hcom:luna_task_1] [hcom:]")).toEqual([
    "nova",
    "luna_task_1",
  ]);
});

describe("a launch", () => {
  const home = mkdtempSync(`${tmpdir()}/hcom-surface-launch-`);
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  const env = { HOME: home, HCOM_DIR: `${home}/hcom`, PATH: `${home}/bin:/usr/bin:/bin` };
  beforeAll(() => {
    mkdirSync(`${home}/bin`);
    // Says its version, or in JSON what it was called with.
    const program = [
      "#!/bin/sh",
      'case "$1" in --version) echo "2.1.300 (Claude Code)"; exit 0;; esac',
      `printf '{"called":"%s"}\\n' "$*"`,
      "",
    ].join("\n");
    writeFileSync(`${home}/bin/claude`, program, { mode: 0o755 });
  });
  async function values(words: string[], extra: Record<string, string> = {}): Promise<unknown[]> {
    const ran = await hcom(words, { env: { ...env, ...extra } });
    expect(ran.code).toBe(0);
    return ran.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  }
  const result = { tool: "claude", launched: 1, failed: 0, background: false, log_files: [] };

  test("with --json says what was launched, before the agent speaks", async () => {
    for (const words of [
      ["--json", "claude", "-p", "hi"],
      ["claude", "--batch-id", "b", "--json", "-p", "hi"],
    ]) {
      const [first, second] = await values(words);
      expect(first).toMatchObject({ ...result, batch_id: expect.any(String), errors: [] });
      expect(second).toMatchObject({ called: expect.stringContaining("-p hi") });
    }
  });
  test("leaves a --json behind the tool's words to the tool", async () => {
    expect(await values(["claude", "-p", "--json"])).toMatchObject([
      { called: expect.stringContaining("-p --json") },
    ]);
  });
  test("that needs a confirmation is previewed in JSON, too", async () => {
    const [only, ...more] = await values(["2", "claude", "--headless", "--json", "x"], {
      CLAUDECODE: "1",
    });
    expect(only).toEqual({
      needs_go: true,
      would_launch: {
        ...{ tool: "claude", count: 2, directory: root, where: "headless" },
        arguments: ["x"],
      },
    });
    expect(more).toEqual([]);
  });
  test("leaves the settings alone; hooks are put in, seen, and taken out again", async () => {
    const states = async (...words: string[]) =>
      (await values(["hooks", ...words, "--json"], words.length > 1 ? {} : { CLAUDECODE: "1" }))[0];
    expect(await states("status", "claude")).toMatchObject([{ state: "not_installed" }]);
    expect(existsSync(join(home, ".claude/settings.json"))).toBe(false);
    expect(await states("install", "claude")).toMatchObject([{ state: "installed" }]);
    expect(await states("install", "claude")).toMatchObject([{ state: "already_installed" }]);
    expect(await values(["config", "auto_approve", "0", "--json"])).toHaveLength(1);
    expect(await states("status")).toMatchObject(
      toolNames.map((tool) => ({
        tool,
        state: tool === "claude" ? "installed" : "not_installed",
      })),
    );
    expect(await states("uninstall", "claude")).toMatchObject([{ state: "removed" }]);
    // Like `add`: inside an agent program it is about that one.
    expect(await states("install")).toMatchObject([{ tool: "claude", state: "installed" }]);
  });
});

describe("streams", () => {
  test("what scripts read stands alone on standard output", async () => {
    for (const words of [
      ["list", "--json"],
      ["status", "--json"],
      ["overview", "--json"],
    ]) {
      const { stdout, stderr, code } = await hcom(words);
      expect([typeof JSON.parse(stdout), stderr, code]).toEqual(["object", "", 0]);
    }
    const { stdout } = await hcom(["events", "--last", "3"]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => typeof JSON.parse(line).id),
    ).toEqual(Array(3).fill("number"));
  });
  test("NO_COLOR wins, and without a terminal there is no colour anyway", async () => {
    for (const env of [{ NO_COLOR: "1", FORCE_COLOR: "1" }, { TERM: "xterm-256color" }]) {
      const shown = [["list", "-v"], ["overview"], ["--help"], ["status"], ["config"]];
      const all = await Promise.all(shown.map((words) => hcom(words, { env })));
      expect(all.filter((one) => `${one.stdout}${one.stderr}`.includes("\u001b"))).toEqual([]);
    }
  });
  test("a reader that goes away early is no error", async () => {
    const large = "y".repeat(200_000);
    for (let n = 0; n < 2; n++) await hcom(["send", "@luna", "--stdin"], { stdin: large });
    const words = program.map((word) => `'${word}'`).join(" ");
    const line = `{ ${words} events --full; echo "exit $?" >&2; } | head -c 1`;
    const { stdout, stderr } = await run(["/bin/sh", "-c", line], {});
    expect([stdout, stderr]).toEqual(["{", "exit 0\n"]);
  });
  test("a text of a megabyte comes out whole", async () => {
    const text = "z".repeat(1_000_000);
    const sent = await hcom(["send", "@luna", "--stdin", "--json"], { stdin: text });
    const { stdout } = await hcom(["read", String(JSON.parse(sent.stdout).id), "--json"]);
    expect(JSON.parse(stdout).text).toHaveLength(1_000_000);
  });
  test("nothing is asked where nobody can answer", async () => {
    const env = { HCOM_DIR: `${root}/quiet` };
    const asked = [[], ["start"], ["list"], ["stop", "all"], ["kill", "all"], ["hooks"]];
    for (const words of [...asked, ["config", "--reset"], ["status"], ["events"]]) {
      expect((await hcom(words, { env, isOpen: true })).code).toBe(0);
    }
  });
});

describe("words as they are", () => {
  test("a message after -- arrives byte for byte", async () => {
    const words = ["--thread", "x", "", "a  b", "@nova", "$HOME", "\\!", '"q"', "ünï 😀"];
    const sent = await hcom(["send", "@luna", "--json", "--", ...words]);
    const { stdout } = await hcom(["read", String(JSON.parse(sent.stdout).id), "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ text: words.join(" "), delivered_to: ["luna"] });
  });
  test("a message as one argument loses what a shell would have eaten", async () => {
    const sent = await hcom(["send", "@luna hi\\! it is \\$5, \\\\n stays", "--json"]);
    const { stdout } = await hcom(["read", String(JSON.parse(sent.stdout).id), "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      text: "@luna hi! it is $5, \\\\n stays",
      delivered_to: ["luna"],
    });
  });
  test("global flags may stand in front of a command", async () => {
    const { stdout } = await hcom(["--json", "--name", "luna", "overview"]);
    expect(JSON.parse(stdout).self).toBe("luna");
  });
});

test("nothing was written outside of HCOM_DIR", () => {
  expect(readdirSync(root).sort()).toEqual(["empty", "hcom", "json", "large", "marker", "quiet"]);
});

test("a setting that nobody knows is not set, and the nearest one is named beside it", async () => {
  const { stdout, stderr, code } = await hcom(["config", "timout"]);
  expect([stdout, code]).toEqual(["(not set)\n", 0]);
  expect(stderr).toMatch(/^no setting "timout" - did you mean timeout\?\n/);
});
