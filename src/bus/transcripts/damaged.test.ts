// Transcripts that are damaged, cut off or locked: what is readable is shown, all else is said.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Refusal } from "../../core/refusal.ts";
import { writeConversation } from "../../store/fixtures/conversation.ts";
import { updateInstance } from "../../store/instances.ts";
import { realSystem } from "../../sys/system.ts";
import { type Bus, openBus } from "../bus.ts";
import { start } from "../life/start.ts";
import { readTimeline } from "./timeline.ts";
import { readTranscript } from "./transcript.ts";
import { readUsage } from "./usage.ts";

let home = "";
let bus: Bus;
let database = "";

const fixtures = join(import.meta.dir, "../../tools");
const recorded = readFileSync(`${fixtures}/opencode/fixtures/1.18.33/database.jsonl`, "utf8");

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/hcom-damaged-`);
  const env = { HOME: home, HCOM_DIR: `${home}/.hcom` };
  bus = openBus({ ...realSystem(), env, home, cwd: home, log: () => {} });
  database = `${home}/.local/share/opencode/opencode.db`;
  mkdirSync(dirname(database), { recursive: true });
  writeConversation(database, recorded);
  start(bus, { tool: "opencode", as: "mira" });
  updateInstance(bus.db, "mira", { session_id: JSON.parse(recorded.split("\n")[0]!).session_id });
});
afterEach(() => {
  bus[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});

const read = (agent: string) =>
  readTranscript(bus, { agent, span: { last: 10 }, detail: "normal" });

async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((caught: unknown) => caught);
  if (error instanceof Refusal) return error.message;
  throw new Error(`not refused: ${String(error)}`);
}

test("a database that its program keeps locked is no empty conversation", async () => {
  expect((await read("mira")).total).toBeGreaterThan(0);
  using other = new DatabaseSync(database);
  other.exec("BEGIN EXCLUSIVE");
  expect(await refused(read("mira"))).toContain("is locked by another program");
  expect(await refused(readUsage(bus, { agent: "mira" }))).toContain("is locked");
  other.exec("ROLLBACK");
  expect((await read("mira")).total).toBeGreaterThan(0);
});

test("a damaged one says so, alone and among others", async () => {
  const whole = readFileSync(database);
  writeFileSync(database, Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(4096, 0xff)]));
  expect(await refused(read("mira"))).toContain("cannot be read");
  const notes: string[] = [];
  const note = (problem: string) => void notes.push(problem);
  await readTimeline(bus, { isLiveOnly: false, note, last: 10, detail: "normal" });
  expect(notes).toEqual([expect.stringMatching(/^left out: mira: .*cannot be read/)]);
});

test("a broken part takes nothing else along, and is counted", async () => {
  const { total } = await read("mira");
  {
    using db = new DatabaseSync(database);
    db.exec("UPDATE part SET data = substr(data, 1, 9) WHERE id = (SELECT max(id) FROM part)");
  }
  expect(await read("mira")).toMatchObject({ total, unreadable: 1 });
});

test("a line that was cut off is counted, the last one may still be written", async () => {
  const path = `${home}/.claude/projects/p/s-1.jsonl`;
  mkdirSync(dirname(path), { recursive: true });
  const lines = readFileSync(`${fixtures}/claude/fixtures/2.1.329/work.jsonl`, "utf8");
  start(bus, { tool: "claude", as: "luna" });
  updateInstance(bus.db, "luna", { session_id: "s-1", transcript_path: path });
  writeFileSync(path, lines);
  const { total, unreadable } = await read("luna");
  expect(unreadable).toBe(0);
  writeFileSync(path, `${lines}{"type":"user","mess\n\n${lines.slice(0, 40)}`);
  expect(await read("luna")).toMatchObject({ total, unreadable: 1 });
});
