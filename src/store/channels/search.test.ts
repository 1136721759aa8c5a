// The index over texts: that it and the walk find the same, and that nothing of a text stays.
import { expect, test } from "bun:test";
import type { Db } from "../db.ts";
import { temporaryDb } from "../fixtures/databases.ts";
import { insertBody } from "./bodies.ts";
import { insertChannel } from "./channels.ts";
import { insertAck, insertCopies } from "./messages.ts";
import { searchMessages } from "./search.ts";
import { ensureSpace } from "./spaces.ts";
import { sweepChannel } from "./sweep.ts";

const start = Date.UTC(2026, 1, 28);

/** Messages of one channel, a second apart, with ids from 1. */
function fill(db: Db, contents: readonly string[], ttl_seconds = 0): number {
  return db.write(() => {
    const space = ensureSpace(db, "main");
    const channel = {
      id: 1,
      name: "ops",
      channel_type: "Group" as const,
      created_at: "2026-02-28T00:00:00Z",
      config: {
        max_participants: 0,
        ttl_seconds,
        persistence: true,
        encryption_required: false,
      },
    };
    insertChannel(db, space, channel, { endsAfter: ttl_seconds });
    for (const [at, content] of contents.entries()) say(db, space, at + 1, content);
    return space;
  });
}

function say(db: Db, space: number, id: number, content: string, copies = 1): number {
  const common = {
    id,
    space,
    channel_id: 1,
    sender: "ada",
    body: insertBody(db, content),
    message_type: "Text" as const,
    metadata: {},
    signature: null,
  };
  const timestamp = new Date(start + id * 1000).toISOString();
  return insertCopies(db, common, Array(copies).fill({ recipient: null, timestamp }));
}

function search(db: Db, space: number, text: string, limit = 10, nowMs = start): number[] {
  const query = { space, lowered: text.toLowerCase(), limit, nowMs, isLive: false };
  return searchMessages(db, query).map((message) => message.id);
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test("a frequent text is found as exactly as a rare one, newest first", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const contents = numbers(6000).map((n) => `Common word ${n}${n % 1500 === 0 ? " and RARE" : ""}`);
  const space = fill(db, contents);
  expect(search(db, space, "common word", 3)).toEqual([6000, 5999, 5998]);
  expect(search(db, space, "common", 10_000)).toEqual(numbers(6000).reverse());
  expect(search(db, space, "rare")).toEqual([6000, 4500, 3000, 1500]);
  expect(search(db, space, "1500 AND r")).toEqual([1500]);
  // Every trigram of it is frequent, it as a whole is nowhere.
  expect(search(db, space, "word common word")).toEqual([]);
  expect(search(db, space, "zz")).toEqual([]);
});

test("copies of one text are all found, and their text is kept and indexed once", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const space = fill(db, []);
  say(db, space, 1, "to all of you", 2500);
  expect(search(db, space, "all of you", 3)).toEqual([2500, 2499, 2498]);
  expect(search(db, space, "ll", 3000)).toHaveLength(2500);
  expect(db.get<object>("SELECT count(*) AS n FROM comm_body")).toEqual({ n: 1 });
  expect(db.all("SELECT rowid FROM comm_fts WHERE comm_fts MATCH '\"all\"'")).toHaveLength(1);
});

test("a text too long for the index is found, alone and among others", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const space = fill(db, [`${"x".repeat(70_000)} needle`, "a needle", "hay"]);
  expect(search(db, space, "NEEDLE")).toEqual([2, 1]);
  expect(search(db, space, "le")).toEqual([2, 1]);
  expect(search(db, space, "x nee")).toEqual([1]);
  expect(db.all("SELECT rowid FROM comm_fts WHERE comm_fts MATCH '\"nee\"'")).toHaveLength(1);
});

test("a text that was written by hand is found", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const space = fill(db, ["typed by the program"]);
  db.exec(`INSERT INTO comm_body (id, content) VALUES (77, 'Typed by Hand');
    INSERT INTO comm_message (space, id, channel, sender, body, type, ts, ts_ns)
      VALUES (${space}, 9, 1, 'me', 77, 'Text', '1970-01-01T00:00:01Z', 1000000000);`);
  expect(search(db, space, "typed by")).toEqual([1, 9]);
});

test("what has ended is not found, swept or not, by index or walk", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const space = fill(db, ["one old", "two old", "three"], 60);
  const now = start + 62_000;
  expect(search(db, space, "old", 10, now)).toEqual([2]);
  expect(search(db, space, "o", 10, now)).toEqual([2]);
  expect(search(db, space, "", 10, now)).toEqual([3, 2]);
});

test("sweeping leaves nothing of a text but where somebody else has it", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const space = fill(db, []);
  const swept = say(db, space, 1, "only here");
  insertAck(db, swept, "bob", null);
  say(db, space, 2, "here and later");
  db.exec(`UPDATE comm_message SET body = 2 WHERE id = 2`);
  db.exec(`INSERT INTO comm_message (space, id, channel, sender, body, type, ts, ts_ns)
    VALUES (${space}, 3, 1, 'ada', 2, 'Text', '2030-01-01T00:00:00Z', 1893456000000000000)`);
  const oldest = BigInt(start + 60_000) * 1_000_000n;
  expect(sweepChannel(db, { space, channel: 1, oldest }, 1)).toBe(1);
  expect(sweepChannel(db, { space, channel: 1, oldest }, 10)).toBe(1);
  expect(sweepChannel(db, { space, channel: 1, oldest }, 10)).toBe(0);
  expect(db.all<object>("SELECT id, content FROM comm_body")).toEqual([
    { id: 2, content: "here and later" },
  ]);
  expect(db.all("SELECT message FROM comm_ack")).toEqual([]);
  const indexed = "SELECT rowid FROM comm_fts WHERE comm_fts MATCH '\"her\"'";
  expect(db.all<object>(indexed)).toEqual([{ rowid: 2 }]);
  expect(search(db, space, "here")).toEqual([3]);
});
