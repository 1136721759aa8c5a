// What conversations took, over recordings of the real programs.
import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import type { Refusal } from "../../core/refusal.ts";
import { writeConversation } from "../../store/fixtures/conversation.ts";
import { updateInstance } from "../../store/instances.ts";
import { realSystem } from "../../sys/system.ts";
import { type Bus, openBus } from "../bus.ts";
import { start } from "../life/start.ts";
import { stopInstance } from "../life/stop.ts";
import { readTranscript } from "./transcript.ts";
import { readUsage } from "./usage.ts";

let home = "";
let bus: Bus;

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/hcom-usage-`);
  const env = { HOME: home, HCOM_DIR: `${home}/.hcom` };
  bus = openBus({ ...realSystem(), env, home, cwd: home, log: () => {} });
});
afterEach(() => {
  bus[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});

const fixtures = join(import.meta.dir, "../../tools");

function agent(tool: string, session: string): string {
  start(bus, { tool, as: tool });
  updateInstance(bus.db, tool, { session_id: session });
  return tool;
}

function place(path: string): string {
  mkdirSync(join(home, path, ".."), { recursive: true });
  return join(home, path);
}

/** Each answer of the recorded model read 10 tokens and wrote 5. */
const each = { cache_read: 0, cache_write: 0, reasoning: 0 };

test("each answer counts once, however many lines tell of it", async () => {
  const lines = {
    claude: [".claude/projects/p/s-claude.jsonl", "claude/fixtures/2.1.329/work.jsonl"],
    codex: [".codex/sessions/1/2/3/rollout-1-s-codex.jsonl", "codex/fixtures/0.169.0/work.jsonl"],
    gemini: [".gemini/tmp/x/chats/session-1-s-gemini.jsonl", "gemini/fixtures/0.61.0/mail.jsonl"],
  } as const;
  for (const [tool, [path, recorded]] of Object.entries(lines)) {
    copyFileSync(`${fixtures}/${recorded}`, place(path));
    agent(tool, `s-${tool}`);
    updateInstance(bus.db, tool, { transcript_path: `${home}/${path}` });
    const used = await readUsage(bus, { agent: tool });
    expect([tool, used]).toEqual([tool, { ...used, ...each, total: used.requests * 15 }]);
    expect([tool, used.input, used.output]).toEqual([tool, used.requests * 10, used.requests * 5]);
    expect(used.requests).toBeGreaterThan(0);
    expect(used.models.length).toBe(1);
  }
});

test("of an agent that has stopped it is known, too", async () => {
  const path = place(".claude/projects/p/s-1.jsonl");
  copyFileSync(`${fixtures}/claude/fixtures/2.1.329/work.jsonl`, path);
  const name = agent("claude", "s-1");
  const before = await readUsage(bus, { agent: name });
  stopInstance(bus, name, { by: "user", reason: "killed" });
  expect(await readUsage(bus, { agent: name })).toEqual(before);
});

test("the cost that older versions noted is summed, and what was thought is told", async () => {
  const usage = { input_tokens: 7, output_tokens: 3, cache_read_input_tokens: 100 };
  const line = (id: string, more: object) =>
    JSON.stringify({
      ...{ type: "assistant", costUSD: 0.25, sessionId: "s-1" },
      message: { id, model: "m", content: [{ type: "text", text: "hi" }], usage: more },
    });
  const thought = { ...usage, output_tokens_details: { thinking_tokens: 2 } };
  const lines = [line("a", usage), line("a", { ...usage, output_tokens: 9 }), line("b", thought)];
  writeFileSync(place(".claude/projects/p/s-1.jsonl"), `${lines.join("\n")}\n`);
  expect(await readUsage(bus, { agent: agent("claude", "s-1") })).toMatchObject({
    ...{ input: 14, output: 12, cache_read: 200, reasoning: 2, total: 226 },
    ...{ requests: 2, cost_usd: 0.5 },
  });
});

test("without a journal of ours the program's own database is read", async () => {
  const recorded = readFileSync(`${fixtures}/opencode/fixtures/1.18.33/database.jsonl`, "utf8");
  writeConversation(place(".local/share/opencode/opencode.db"), recorded);
  const name = agent("opencode", JSON.parse(recorded.split("\n")[0] ?? "").session_id);
  const used = await readUsage(bus, { agent: name });
  expect(used).toMatchObject({ requests: 3, input: 30, output: 15, cost_usd: 0 });
  expect(used.models).toEqual(["mock-model"]);
  const order = { agent: name, span: { last: 9 }, detail: "detailed" } as const;
  const { exchanges, total } = await readTranscript(bus, order);
  expect(total).toBe(2);
  expect(exchanges[0]).toMatchObject({
    user: expect.stringContaining("work on files"),
    tools: [{ name: "Bash", command: "ls /nonexist", is_error: true }],
    usage: { input: 20, output: 10 },
  });
  expect(exchanges[1]).toMatchObject({ action: "I will sum it up: one file.", tools: [] });
});

test("a rollout that was compressed says what it said before", async () => {
  const recorded = readFileSync(`${fixtures}/codex/fixtures/0.169.0/work.jsonl`);
  const name = agent("codex", "s-zst");
  const plain = place(".codex/sessions/2026/11/21/rollout-1-s-zst.jsonl");
  writeFileSync(plain, recorded);
  const order = { agent: name, span: { last: 9 }, detail: "detailed" } as const;
  const before = await readTranscript(bus, order);
  rmSync(plain);
  const aside = place(".codex/archived_sessions/rollout-1-s-zst.jsonl.zst");
  writeFileSync(aside, zstdCompressSync(recorded));
  expect(await readTranscript(bus, order)).toEqual(before);
  expect(before.total).toBe(3);
  writeFileSync(aside, "no archive");
  const broken: unknown = await readTranscript(bus, order).catch((error: unknown) => error);
  expect((broken as Refusal).code).toBe("unreadable_file");
});

test("where nothing is noted that is said", async () => {
  const name = agent("claude", "s-1");
  const line = { type: "user", message: { role: "user", content: "hi" } };
  writeFileSync(place(".claude/projects/p/s-1.jsonl"), `${JSON.stringify(line)}\n`);
  const error: unknown = await readUsage(bus, { agent: name }).catch((caught: unknown) => caught);
  expect((error as Refusal).code).toBe("no_usage");
});

test("by the way no more is read than was said", async () => {
  const path = place(".claude/projects/p/s-claude.jsonl");
  copyFileSync(`${fixtures}/claude/fixtures/2.1.329/work.jsonl`, path);
  agent("claude", "s-claude");
  updateInstance(bus.db, "claude", { transcript_path: path });
  const { size } = statSync(path);
  expect((await readUsage(bus, { agent: "claude" }, size)).requests).toBeGreaterThan(0);
  const refusedAt = (agent: string, bytes: number) =>
    readUsage(bus, { agent }, bytes).catch((error: Refusal) => error.code);
  expect(await refusedAt("claude", size - 1)).toBe("large_transcript");
  const recorded = `${fixtures}/opencode/fixtures/1.18.33/database.jsonl`;
  const rows = readFileSync(recorded, "utf8");
  writeConversation(place(".local/share/opencode/opencode.db"), rows);
  agent("opencode", JSON.parse(rows.split("\n")[0]!).session_id);
  expect(await refusedAt("opencode", 400)).toBe("large_transcript");
});
