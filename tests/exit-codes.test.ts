// One table of exit codes holds for every command: it is in the code, the help and the README, and
// each code that a command's help names is shown here by a line that ends with it.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../src/cli/command.ts";
import { commandNames, loadCommand } from "../src/commands/index.ts";
import { exitMeanings } from "../src/core/refusal.ts";
import { type Env, hcom, plainEnv, tempDir } from "./process/lab.ts";

const dir = tempDir();
afterAll(() => dir[Symbol.dispose]());
// No agent program of this machine is found on the way.
const env: Env = { ...plainEnv(dir.path), PATH: "/usr/bin:/bin" };

beforeAll(async () => {
  for (const name of ["luna", "nova", "kira", "vela"]) await hcom(env, ["start", "--as", name]);
  await hcom({ ...env, HCOM_DIR: `${dir.path}/other` }, ["start", "--as", "miso"]);
  await hcom(env, ["channel", "create", "ops"]);
  for (const folder of ["bin", "broken/.claude"]) {
    mkdirSync(`${dir.path}/${folder}`, { recursive: true });
  }
  // Answers when it is asked once, and fails as a session.
  const program = `#!/bin/sh
case "$*" in --version) echo "2.1.329 (Claude Code)"; exit 0 ;; *-p*) exit 0 ;; esac
exit 7
`;
  writeFileSync(`${dir.path}/bin/claude`, program, { mode: 0o755 });
  for (const file of [".claude/settings.json", ".claude.json"]) {
    writeFileSync(`${dir.path}/broken/${file}`, "{ cut off");
  }
  const sent = await hcom(env, ["send", "@nova", "-b", "--json", "--", "hi"]);
  id = String(JSON.parse(sent.out).id);
});

let id = "";

/** What is typed behind the command, by its codes; a variable may stand in front, as in a shell. */
const lines: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  send: { 0: "@luna -- hi", 1: "@luna --file nowhere", 2: "@luna --intent x -- y", 3: "@zz -- x" },
  inbox: { 0: "", 1: "--wait 0.1", 2: "word" },
  listen: { 0: "1 --name nova", 1: "1 --name kira", 2: "soon" },
  read: { 0: "ID", 2: "x", 3: "99999" },
  channel: { 0: "list", 1: "leave ops", 2: "create a/b", 3: "info nope" },
  list: { 0: "", 1: "self", 2: "luna colour", 3: "zz" },
  start: { 0: "", 1: "CLAUDECODE=1", 2: "luna", 6: "CLAUDECODE=1 --orphan zz" },
  resume: { 1: "luna", 2: "luna --dir", 3: "zz" },
  fork: { 1: "luna", 2: "luna --dir", 3: "zz" },
  stop: { 0: "kira", 1: "", 2: "all luna", 3: "zz" },
  kill: { 0: "vela", 2: "", 3: "zz" },
  term: { 0: "debug logs", 1: "luna", 2: "inject", 3: "zz" },
  events: { 0: "--last 1", 1: "--wait 0 --after now", 2: "--last x", 3: "--agent zz" },
  archive: { 0: "", 2: "1 what", 3: "9" },
  transcript: { 1: "luna", 2: "luna 0", 3: "zz" },
  bundle: { 0: "", 1: "create --bundle-file nowhere", 2: "create x", 3: "cat abc" },
  why: { 0: "ID", 2: "x", 3: "99999" },
  status: { 0: "", 2: "word" },
  config: { 0: "tag", 1: "EDITOR=false --edit", 2: "tag a/b", 3: "-i zz" },
  hooks: { 0: "", 1: "HOME=broken add claude", 2: "frobnicate" },
  mcp: { 0: "status", 1: "HOME=broken install claude", 2: "install emacs" },
  rename: { 1: "luna nova", 2: "luna", 3: "zz yy" },
  reset: { 0: "HCOM_DIR=fresh", 1: "HOME=broken hooks", 2: "what" },
  import: { 1: "other", 2: "", 3: "nowhere" },
  docs: { 0: "--config", 2: "--apy" },
  completions: { 0: "bash", 2: "tcsh" },
  launch: {
    0: "PATH=bin claude -p x",
    1: "PATH=bin claude --headless x",
    2: "0 claude",
    3: "claude",
  },
  pty: { 2: "" },
  run: { 0: "", 2: "--nope", 3: "nowhere" },
  tui: { 0: "--once", 2: "--view nowhere" },
  relay: { 0: "", 1: "token", 2: "nope" },
  overview: { 0: "", 2: "word" },
};

/** What takes an agent program, a signal or a broken disk, and which test shows it. */
const elsewhere: Readonly<Record<string, string>> = {
  "inbox 130": "process/person.test.ts",
  "listen 130": "process/speakers.test.ts",
  "resume 0": "e2e/resume.test.ts",
  "fork 0": "e2e/resume.test.ts",
  "rename 0": "process/names.test.ts",
  "transcript 0": "../src/commands/transcript.test.ts",
  "term 6": "../src/delivery/control.test.ts",
  "import 0": "changeover/import.test.ts",
  // It takes a process of another user that stands under our agent's name.
  "kill 1": "",
};

/** What its help says it may end with, beside a fault of ours or Ctrl+C. */
function declared({ exits = {} }: Command): number[] {
  return [...new Set([0, 1, 2, ...Object.keys(exits).map(Number)])];
}

describe("exit codes", () => {
  const table = Object.entries(exitMeanings);
  test("are one table: in the code, the help and the README", async () => {
    const { out } = await hcom(env, ["help", "exit-codes"]);
    const whole = out.replace(/\n {4,}/g, " ");
    const said = [...whole.matchAll(/^ {2}(\d+) +(.*)$/gm)].map(([, code, text]) => [code, text]);
    expect(said).toEqual(table);
    const readme = await Bun.file(join(import.meta.dir, "../README.md")).text();
    const told = [...readme.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, text]) => [
      code,
      text,
    ]);
    expect(told).toEqual(table);
  });
  for (const name of commandNames) {
    test(`of ${name} are as its help says, and each is shown`, async () => {
      const command = await loadCommand(name);
      expect(declared(command).map(String)).toEqual(
        declared(command)
          .map(String)
          .filter((code) => code in exitMeanings),
      );
      const here = lines[name] ?? {};
      for (const [code, line] of Object.entries(here)) {
        expect([line, await codeOf(name, line)]).toEqual([line, Number(code)]);
        expect(declared(command)).toContain(Number(code));
      }
      // `1` that no help explains is any failure; what is explained is shown.
      const due = [0, 2, ...Object.keys(command.exits ?? {}).map(Number)];
      // What people do not call is not told to them either.
      if (command.isHidden === true && name !== "launch") return;
      const missing = due.filter((code) => !(code in here) && !(`${name} ${code}` in elsewhere));
      expect(missing).toEqual([]);
    });
  }
  test("that are shown elsewhere are shown there", async () => {
    for (const path of Object.values(elsewhere).filter(Boolean)) {
      expect([path, await Bun.file(join(import.meta.dir, path)).exists()]).toEqual([path, true]);
    }
  });
  test("are 2 for every command that is given a flag it does not know", async () => {
    const all = await Promise.all(commandNames.map(loadCommand));
    // A launch leaves to the program what it does not know.
    const typed = all.filter((one) => one.isRaw !== true).map((one) => one.name);
    const codes = await Promise.all(typed.map((name) => codeOf(name, "x --no-such-flag")));
    expect(typed.map((name, at) => [name, codes[at]])).toEqual(typed.map((name) => [name, 2]));
  });
});

async function codeOf(name: string, line: string): Promise<number> {
  const words = line.split(" ").filter(Boolean);
  const front = words.filter((word) => /^[A-Z_]+=/.test(word));
  const extra = Object.fromEntries(front.map((word) => variable(word)));
  const argv = words.slice(front.length).map((word) => (word === "ID" ? id : word));
  const called = name === "launch" ? argv : [name, ...argv];
  return (await hcom({ ...env, ...extra }, called)).code;
}

/** `HOME=broken` is that folder, `PATH=bin` has it in front. */
function variable(word: string): [string, string] {
  const [name = "", value = ""] = word.split("=");
  if (name === "PATH") return [name, `${dir.path}/${value}:/usr/bin:/bin`];
  return [name, ["HOME", "HCOM_DIR"].includes(name) ? `${dir.path}/${value}` : value];
}
