import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  return readConversation(from, of, (line) => lines.push(JSON.parse(line))) ? lines : undefined;
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

test("what is no such database, or knows nothing of the session, is no conversation", () => {
  expect(read(path, "another")).toBeUndefined();
  expect(read(`${folder}/nowhere.db`, session)).toBeUndefined();
  writeFileSync(`${folder}/text.db`, "no database");
  expect(read(`${folder}/text.db`, session)).toBeUndefined();
});

test("what its reader refuses reaches who asked, a fault of the file does not", () => {
  const refusing = (code: string) => () =>
    readConversation(path, session, () => {
      throw new Refusal({ code, message: "not this one" });
    });
  expect(refusing("no_such_exchange")).toThrow("not this one");
  for (const code of ["database_busy", "database_broken"]) expect(refusing(code)()).toBe(false);
});

test("nothing of it is changed, and nothing is left beside it", () => {
  const before = readFileSync(path);
  read(path, session);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect([...new Bun.Glob("own.db-*").scanSync({ cwd: folder })]).toEqual([]);
});
