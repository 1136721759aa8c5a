import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Refusal } from "../../core/refusal.ts";
import { writeConversation } from "../fixtures/conversation.ts";
import { readConversation } from "./conversation.ts";

const folder = mkdtempSync(`${tmpdir()}/hcom-conversation-`);
const path = `${folder}/own.db`;
beforeAll(() => writeConversation(path, recorded));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fixture = "../../tools/opencode/fixtures/1.18.33/database.jsonl";
const recorded = readFileSync(join(import.meta.dir, fixture), "utf8");
const messages = recorded
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const session = messages[0].session_id;

function read(from: string, of: string): unknown[] | undefined {
  const lines: unknown[] = [];
  const broken = readConversation(from, of, (line) => lines.push(JSON.parse(line)));
  return broken === undefined ? undefined : lines;
}

function refusal(from: string): Refusal {
  try {
    readConversation(from, session, () => {});
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("not refused");
}

test("the messages of a session come in order, each with its parts", () => {
  const expected = messages.map(({ id, data, parts }) => {
    return { id, about: data, parts: parts.map((part: { data: unknown }) => part.data) };
  });
  expect(read(path, session)).toEqual(expected);
});

test("a conversation of many pages is whole", () => {
  const many = Array.from({ length: 230 }, (_, at) => {
    const message = { ...messages[0], id: `m${at}`, session_id: "many", time_created: at >> 1 };
    return JSON.stringify({ ...message, parts: [] });
  });
  writeConversation(`${folder}/many.db`, many.join("\n"));
  expect(read(`${folder}/many.db`, "many")).toHaveLength(230);
});

test("a file that is not there, or knows nothing of the session, is no conversation", () => {
  expect(read(path, "another")).toBeUndefined();
  expect(read(`${folder}/nowhere.db`, session)).toBeUndefined();
});

test("what its reader refuses reaches who asked as it is", () => {
  for (const code of ["no_such_exchange", "database_busy", "no_database"]) {
    const refusing = () =>
      readConversation(path, session, () => {
        throw new Refusal({ code, message: "not this one" });
      });
    expect(refusing).toThrow(expect.objectContaining({ code, message: "not this one" }));
  }
});

test("a file that is there and cannot be read says why", () => {
  writeFileSync(`${folder}/text.db`, "no database, however long it may be ".repeat(200));
  expect(refusal(`${folder}/text.db`).message).toMatch(/text\.db cannot be read: .*not a database/);
  using other = new DatabaseSync(`${folder}/other.db`);
  other.exec("CREATE TABLE session (id TEXT)");
  expect(refusal(`${folder}/other.db`).message).toContain("no such table: message");
  const damaged = readFileSync(path);
  damaged.fill(0xff, 4096);
  writeFileSync(`${folder}/damaged.db`, damaged);
  expect(refusal(`${folder}/damaged.db`).code).toBe("unreadable_transcript");
});

test("a part that is no JSON is left out, and counted", () => {
  writeConversation(`${folder}/part.db`, recorded);
  using db = new DatabaseSync(`${folder}/part.db`);
  const { id } = db.prepare("SELECT id FROM part LIMIT 1").get() as { id: string };
  db.prepare("UPDATE part SET data = substr(data, 1, 9) WHERE id = ?").run(id);
  const lines: string[] = [];
  expect(readConversation(`${folder}/part.db`, session, (line) => lines.push(line))).toBe(1);
  expect(lines).toHaveLength(messages.length);
});

test("nothing of it is changed, and nothing is left beside it, in either mode", () => {
  for (const mode of ["wal", "delete"]) {
    {
      using db = new DatabaseSync(path);
      db.exec(`PRAGMA journal_mode=${mode}`);
    }
    const before = readFileSync(path);
    expect(read(path, session)).toHaveLength(messages.length);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect([...new Bun.Glob("own.db-*").scanSync({ cwd: folder })]).toEqual([]);
  }
});

test("what its program has written and not yet taken over is read, too", () => {
  const file = `${folder}/open.db`;
  writeConversation(file, recorded);
  using db = new DatabaseSync(file);
  db.exec("PRAGMA journal_mode=wal; UPDATE message SET session_id = 'moved'");
  expect(read(file, session)).toBeUndefined();
  expect(read(file, "moved")).toHaveLength(messages.length);
});
