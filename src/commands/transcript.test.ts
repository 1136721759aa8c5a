// The command and its verb over recorded transcripts, with a home of its own.
import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { call, refusalOf } from "../../tests/kit/call.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { start } from "../bus/life/start.ts";
import { stopInstance } from "../bus/life/stop.ts";
import type { Instance } from "../core/instance.ts";
import { updateInstance } from "../store/instances.ts";
import { realSystem, type System } from "../sys/system.ts";
import command from "./transcript.ts";

let home = "";
let system: System;
let bus: Bus;

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/hcom-transcript-`);
  const env = { HOME: home, HCOM_DIR: `${home}/.hcom` };
  system = { ...realSystem(), env, home, cwd: home, log: () => {} };
  bus = openBus(system);
  // Where the programs keep them: no other file is shown.
  for (const tool of ["claude", "codex"] as const) {
    mkdirSync(`${home}/.${tool}`);
    copyFileSync(recorded[tool], `${home}/.${tool}/work.jsonl`);
  }
  work = `${home}/.claude/work.jsonl`;
  rollout = `${home}/.codex/work.jsonl`;
});
afterEach(() => {
  bus[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});

const fixture = (path: string) => join(import.meta.dir, "../tools", path);
const recorded = {
  claude: fixture("claude/fixtures/2.1.329/work.jsonl"),
  codex: fixture("codex/fixtures/0.169.0/work.jsonl"),
};
let work = "";
let rollout = "";

function agent(name: string, tool: string, patch: Partial<Instance> = {}): void {
  start(bus, { tool, as: name });
  updateInstance(bus.db, name, patch);
}

async function run(...argv: string[]): Promise<string> {
  const { code, text } = await call(system, command, argv);
  expect(code).toBe(0);
  return text;
}

const refusal = (...argv: string[]) => refusalOf(run(...argv));

test("the last exchanges are shown, shortened, with the way to all of it", async () => {
  agent("luna", "claude", { transcript_path: work, tag: "api" });
  const shown = await run("api-luna", "--last", "2");
  expect(shown).toBe(
    [
      "Recent conversation (2 exchanges, 2-3 of 3) - @api-luna:",
      "",
      "[2] USER: [[RUN echo only-tools]] ((ERR 400)) then fail",
      "ASSISTANT: (turn ended in error after using Bash)",
      "",
      "[3] USER: a plain question",
      "ASSISTANT: MOCK-ECHO a plain question",
      "",
      "",
    ].join("\n"),
  );
  const all = await run("@luna");
  expect(all).toContain("FILES: a.txt, b.txt\n");
  expect(all).toContain("ASSISTANT: sum it up: two files.\n");
  expect(all).toEndWith("hcom transcript api-luna 1-3 --full\n");
  expect(await run("luna", "--full")).not.toContain("Shortened");
});

test("positions stay what they are whatever is asked for", async () => {
  agent("luna", "claude", { transcript_path: work });
  expect(await run("luna", "2")).toStartWith("Recent conversation (1 exchange, 2-2 of 3)");
  expect(await run("luna", "2-9")).toStartWith("Recent conversation (2 exchanges, 2-3 of 3)");
  expect(await run("luna", "2-")).toStartWith("Recent conversation (2 exchanges, 2-3 of 3)");
  expect(await run("luna", "--range", "1-1")).toContain("[1] USER: ");
  expect(await run("2", "--name", "luna")).toContain("[2] USER: ");
  expect(await run("self", "--name", "luna", "--last", "1")).toContain("[3] USER: ");
});

test("detailed shows commands, edits and errors", async () => {
  agent("nova", "codex", { transcript_path: rollout });
  const shown = await run("nova", "1-2", "--detailed");
  for (const line of [
    "  ├─ ✗ Bash: ls /nonexist\n  │  OUTPUT ls: cannot access '/nonexist': No such file",
    "  ├─ Edit: a.txt\n",
    "  Δ EDIT a.txt\n    @@\n     one\n    -two\n    +three\n",
    "  ✗ ERROR Bash: ls: cannot access",
    "  ✗ ERROR model: ",
  ]) {
    expect(shown).toContain(line);
  }
});

test("JSON is a list of exchanges", async () => {
  agent("luna", "claude", { transcript_path: work });
  const [only, ...more]: unknown[] = JSON.parse(await run("luna", "--last", "1", "--json"));
  expect([only, more]).toEqual([
    {
      ...{ position: 3, user: "a plain question", action: "MOCK-ECHO a plain question" },
      ...{ files: [], timestamp: expect.stringMatching(/^2026-11-21T.*Z$/) },
    },
    [],
  ]);
  const detailed: unknown = JSON.parse(await run("luna", "1", "--json", "--detailed"));
  expect(detailed).toMatchObject([{ tools: [{ name: "Bash" }, {}, {}, {}, {}] }]);
});

test("a transcript cannot steer the terminal", async () => {
  const path = `${home}/.claude/t.jsonl`;
  const evil = "\u001b[2Jred\u001b]0;title\u0007 \u009b31m a\rb \u202e tab\tand\r\nline";
  const line = { type: "user", timestamp: "t", message: { role: "user", content: evil } };
  writeFileSync(path, `${JSON.stringify(line)}\n`);
  agent("luna", "claude", { transcript_path: path });
  for (const argv of [["luna"], ["luna", "--json"], ["luna", "--detailed"]]) {
    expect(await run(...argv)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  }
  expect(await run("luna")).toContain("tab\tand\nline");
  expect(JSON.parse(await run("luna", "--json", "--full"))[0].user).toBe(evil);
});

test("an agent that has stopped is found by any of its names", async () => {
  agent("luna", "claude", { transcript_path: work, tag: "api" });
  stopInstance(bus, "luna", { by: "user", reason: "killed" });
  for (const name of ["luna", "@luna", "api-luna"]) {
    expect(await run(name, "3")).toContain("@api-luna:");
  }
  expect((await refusal("web-luna")).exit).toBe(3);
});

test("without a path the session leads to the file, below the tool's folder", async () => {
  const session = "01a1fcf8-1e14-75f0-8396-687d21693a40";
  agent("nova", "codex", { session_id: session, transcript_path: `${home}/gone.jsonl` });
  expect((await refusal("nova")).message).toBe("Agent 'nova' has no transcript yet");
  const file = `${home}/.codex/sessions/2026/11/21/rollout-2026-11-21T07-18-01-${session}.jsonl`;
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(rollout, file);
  system = { ...system, env: { ...system.env, CODEX_HOME: `${home}/.codex` } };
  expect(await run("nova", "3")).toContain("a plain question");
  updateInstance(bus.db, "nova", { session_id: "../*" });
  expect((await refusal("nova")).code).toBe("no_transcript");
});

test("a subagent has a file beside its root's", async () => {
  copyFileSync(work, `${home}/.claude/s.jsonl`);
  const subagent = {
    transcript_path: `${home}/.claude/s.jsonl`,
    parent_name: "luna",
    agent_id: "a1b2",
  };
  agent("luna_task_x", "claude", subagent);
  expect((await refusal("luna_task_x")).code).toBe("no_transcript");
  mkdirSync(`${home}/.claude/s/subagents`, { recursive: true });
  const lines = readFileSync(work, "utf8").replaceAll('"isSidechain":false', '"isSidechain":true');
  writeFileSync(`${home}/.claude/s/subagents/agent-a1b2.jsonl`, lines);
  expect(await run("luna_task_x", "--last", "1")).toContain("3-3 of 3");
});

/** Of the rollout, the lines up to the last prompt, and those behind it. */
function beforeAnswer(): [before: string, after: string] {
  const lines = readFileSync(rollout, "utf8").split("\n");
  const asked = lines.findIndex((line) => line.includes('"text":"a plain question"'));
  const before = lines.slice(0, asked + 1).join("\n");
  return [`${before}\n`, lines.slice(asked + 1).join("\n")];
}

test("an answer that Codex writes late is waited for", async () => {
  const path = `${home}/.codex/r.jsonl`;
  const [before, after] = beforeAnswer();
  writeFileSync(path, before + after.slice(0, 40));
  agent("nova", "codex", { transcript_path: path });
  const began = performance.now();
  setTimeout(() => appendFileSync(path, after.slice(40)), 100);
  expect(await run("nova", "--last", "1")).toContain("ASSISTANT: MOCK-ECHO a plain question");
  expect(performance.now() - began).toBeGreaterThan(100);
});

test("an answer that never comes is waited for a little, one that cannot come is not", async () => {
  const path = `${home}/.codex/r.jsonl`;
  writeFileSync(path, beforeAnswer()[0]);
  agent("nova", "codex", { transcript_path: path });
  const timed = async () => {
    const began = performance.now();
    expect(await run("nova", "--last", "1")).toContain("ASSISTANT: (no response)");
    return performance.now() - began;
  };
  expect(await timed()).toBeGreaterThan(590);
  stopInstance(bus, "nova", { by: "user", reason: "killed" });
  expect(await timed()).toBeLessThan(590);
});

test("an empty transcript says so", async () => {
  writeFileSync(`${home}/.claude/e.jsonl`, '{"type":"mode"}\n{"type":"us');
  agent("luna", "claude", { transcript_path: `${home}/.claude/e.jsonl` });
  expect(await run("luna")).toBe("Nothing was said yet - @luna\n");
  expect(await run("luna", "--json")).toBe("[]\n");
  expect((await refusal("luna", "1")).code).toBe("no_exchange");
});

test("what cannot be answered is refused", async () => {
  agent("luna", "claude", { transcript_path: work });
  agent("nova", "adhoc", { transcript_path: work });
  agent("kira", "claude", { transcript_path: work, origin_device_id: "BOXE" });
  const table: [argv: string[], code: string, exit: number][] = [
    [["zzzz"], "not_found", 3],
    [[], "no_identity", 1],
    [["nova"], "unknown_transcript", 1],
    [["kira"], "remote_transcript", 1],
    [["luna", "4"], "no_exchange", 3],
    [["luna", "0"], "invalid_range", 2],
    [["luna", "3-2"], "invalid_range", 2],
    [["luna", "two"], "invalid_range", 2],
    [["0", "--name", "luna"], "invalid_range", 2],
    [["luna", "1", "2"], "usage", 2],
    [["luna", "1", "--range", "2"], "usage", 2],
    [["luna", "1", "--last", "2"], "usage", 2],
    [["luna", "--last", "0"], "usage", 2],
    [["luna", "--last", "1.5"], "usage", 2],
    [["timeline", "1-2"], "usage", 2],
    [["timeline", "--last", "0"], "usage", 2],
    [["timeline", "--agent", "vim"], "usage", 2],
    [["timeline", "--limit", "3"], "usage", 2],
    [["luna", "--live"], "usage", 2],
    [["search"], "usage", 2],
    [["search", "two", "words"], "usage", 2],
    [["search", "x", "--last", "3"], "usage", 2],
    [["search", "x", "--limit", "0"], "usage", 2],
    [["search", "(x"], "invalid_pattern", 2],
  ];
  for (const [argv, code, exit] of table) {
    const refused = await refusal(...argv);
    expect([argv, refused.code, Number(refused.exit)]).toEqual([argv, code, exit]);
  }
  expect((await refusal("lnua")).message).toContain("did you mean luna");
});

test("a session that Codex has archived is found", async () => {
  const session = "0199aa11-0000-7000-8000-00000000abcd";
  const archive = join(home, ".codex/archived_sessions");
  mkdirSync(archive, { recursive: true });
  copyFileSync(rollout, join(archive, `rollout-2026-11-21T00-00-00-${session}.jsonl`));
  agent("luna", "codex", { session_id: session, transcript_path: join(home, "gone.jsonl") });
  expect(await run("luna", "--last", "1")).toContain("MOCK-ECHO a plain question");
});

test("a file outside the folder of the program is not shown", async () => {
  copyFileSync(recorded.claude, `${home}/private.jsonl`);
  symlinkSync(`${home}/private.jsonl`, `${home}/.claude/link.jsonl`);
  agent("luna", "claude", { transcript_path: `${home}/private.jsonl` });
  agent("nova", "claude", { transcript_path: `${home}/.claude/link.jsonl` });
  for (const name of ["luna", "nova"]) {
    expect((await refusal(name)).message).not.toContain("plain question");
  }
});

/** A prompt and an answer, as Claude Code writes them. */
function said(at: string, prompt: string, answer: string): string {
  const timestamp = `2026-11-20T${at}.000Z`;
  const lines = [
    { type: "user", timestamp, message: { role: "user", content: prompt } },
    {
      ...{ type: "assistant", timestamp },
      message: { role: "assistant", content: [{ type: "text", text: answer }] },
    },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function write(name: string, ...texts: string[]): { transcript_path: string } {
  const transcript_path = `${home}/.claude/${name}.jsonl`;
  writeFileSync(transcript_path, texts.join(""));
  return { transcript_path };
}

/** Two agents that are here, and one of them in another program; one that has stopped. */
function crew(): void {
  const luna = write("luna", said("10:00:00", "l one", "x (1)"), said("10:30:00", "l two", "x 2"));
  agent("luna", "claude", { ...luna, tag: "api" });
  agent("nova", "codex", { transcript_path: rollout });
  agent("kira", "claude", write("kira", said("10:10:00", "k one", "x 3"), '{"type":"user","me'));
  stopInstance(bus, "kira", { by: "user", reason: "killed" });
  agent("far", "claude", { transcript_path: work, origin_device_id: "BOXE" });
  agent("bare", "adhoc");
}

test("the timeline is of all agents, also of those that stopped, newest first", async () => {
  crew();
  const listed: { instance: string; position: number; command: string }[] = JSON.parse(
    await run("timeline", "--json", "--last", "100"),
  );
  const claude = listed.filter(({ instance }) => instance !== "nova");
  expect(claude.map((one) => [one.instance, one.position])).toEqual([
    ["api-luna", 2],
    ["kira", 1],
    ["api-luna", 1],
  ]);
  expect(listed.length).toBeGreaterThan(claude.length);
  expect(claude[1]?.command).toBe("hcom transcript kira 1 --full");
  const two = await run("timeline", "--last", "2", "--agent", "claude");
  expect(two.match(/one|two/g)).toEqual(["two", "one"]);
  expect(two).toContain("kira: k one\n  → x 3\n  hcom transcript kira 1 --full\n");
  expect(await run("timeline", "--live", "--agent", "claude")).not.toContain("kira");
});

test("a search takes regular expressions and shows the newest places", async () => {
  crew();
  const found = JSON.parse(await run("search", "x \\(?\\d", "--agent", "claude", "--json"));
  expect(found).toMatchObject({ count: 3, scope: "tracked" });
  expect(found.results).toMatchObject([
    { hcom_name: "api-luna", position: 2, line: 4, text: "x 2", matches: 1 },
    { hcom_name: "kira", position: 1, line: 2, agent: "claude" },
    { hcom_name: "api-luna", position: 1, line: 2, text: "x (1)" },
  ]);
  const one = await run("search", "x", "--agent", "claude", "--limit", "1");
  expect(one).toStartWith("The newest 1 of 3 matches");
  expect(one).toContain("hcom transcript api-luna 2\n  x 2\n");
  const live = await run("search", "x", "--agent", "claude", "--live");
  expect(live).toStartWith("2 matches (agents that are here), newest first:\n");
  const others = ["--exclude-self", "--name", "luna", "--agent", "claude", "--json"];
  expect(JSON.parse(await run("search", "x", ...others))).toMatchObject({ count: 1 });
  expect(await run("search", "no such words")).toStartWith('No matches for "no such words"');
  expect(await run("search", "--json", "--", "--x")).toContain('"count":0');
});

test("an expression that would never come to an end is ended, and the reason is said", async () => {
  const said = { role: "assistant", content: [{ type: "text", text: `${"a".repeat(40)}!` }] };
  const hangs = `${home}/.claude/hangs.jsonl`;
  writeFileSync(hangs, `${JSON.stringify({ type: "assistant", message: said })}\n`);
  agent("luna", "claude", { transcript_path: hangs });
  const refused = await refusal("search", "^(a+)+$");
  expect([refused.code, refused.exit]).toEqual(["slow_pattern", 1]);
  expect(await run("search", "a!")).toStartWith("1 match ");
});

test("a search looks into commands, outputs and edits, decoded", async () => {
  agent("nova", "codex", { transcript_path: rollout });
  for (const pattern of ["ls /nonexist", "No such file", "-two\\s+\\+three"]) {
    const { count } = JSON.parse(await run("search", "--json", "--", pattern));
    expect({ pattern, isFound: count > 0 }).toEqual({ pattern, isFound: true });
  }
});

test("timeline and search show no file outside the folder of the program", async () => {
  writeFileSync(`${home}/private.jsonl`, said("10:00:00", "private", "private"));
  agent("luna", "claude", { transcript_path: `${home}/private.jsonl` });
  expect(await run("timeline", "--json")).toBe("[]\n");
  expect(JSON.parse(await run("search", "private", "--json")).count).toBe(0);
});

test("what is found cannot steer the terminal", async () => {
  const evil = "see \u001b[2Jred\u001b]0;title\u0007 \u202e";
  agent("luna", "claude", write("evil", said("10:00:00", evil, evil)));
  for (const argv of [["timeline"], ["search", "see"], ["search", "see", "--json"]]) {
    expect(await run(...argv)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});
