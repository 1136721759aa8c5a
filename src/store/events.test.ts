// The log: ids, times, who has what to read, who stopped.
import { expect, test } from "bun:test";
import {
  countUnread,
  eventsAfter,
  getEvent,
  isoTime,
  latestStopped,
  latestStoppedBySession,
  maxEventId,
  recentlyStopped,
  unreadMessages,
} from "./events.ts";
import { addLife, addMessage, addStatus, temporaryDb } from "./fixtures/databases.ts";
import { stopEvents } from "./history.ts";

test("times are UTC with six digits and keep fractions of a millisecond", () => {
  expect(isoTime(0)).toBe("1970-01-01T00:00:00.000000+00:00");
  expect(isoTime(Date.UTC(2026, 10, 21, 3, 4, 5, 6) + 0.7895)).toBe(
    "2026-11-21T03:04:05.006789+00:00",
  );
});

test("ids grow from 1; slices of the log come oldest first", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  expect([maxEventId(db), getEvent(db, 1)]).toEqual([0, undefined]);
  const ids = [1, 2, 3, 4].map((n) => addMessage(db, { from: "luna", text: String(n) }));
  expect(ids).toEqual([1, 2, 3, 4]);
  expect(maxEventId(db)).toBe(4);
  expect(eventsAfter(db, 1, 2).map((event) => event.id)).toEqual([2, 3]);
  expect(JSON.parse(getEvent(db, 3)?.data ?? "")).toMatchObject({ from: "luna", text: "3" });
});

test("ids of deleted events are not used again", () => {
  using temporary = temporaryDb();
  addMessage(temporary.db, { from: "luna" });
  addMessage(temporary.db, { from: "luna" });
  temporary.db.run("DELETE FROM events WHERE id = 2");
  expect(addMessage(temporary.db, { from: "luna" })).toBe(3);
});

const mail: [string, Record<string, unknown>, boolean][] = [
  ["a broadcast", { scope: "broadcast" }, true],
  ["a broadcast that was not delivered to it", { scope: "broadcast", delivered_to: [] }, true],
  ["a mention", { scope: "mentions", mentions: ["kira", "luna"] }, true],
  ["a mention of somebody else", { scope: "mentions", mentions: ["nova"] }, false],
  ["a mention of a longer name", { scope: "mentions", mentions: ["luna_explore_1"] }, false],
  ["a mention of a shorter name", { scope: "mentions", mentions: ["lu"] }, false],
  ["a mention of its namesake elsewhere", { scope: "mentions", mentions: ["luna:BOXE"] }, false],
  ["its own broadcast", { from: "luna", scope: "broadcast" }, false],
  ["its own mention of itself", { from: "luna", scope: "mentions", mentions: ["luna"] }, false],
  ["mentions without a list", { scope: "mentions" }, false],
];
for (const [what, data, isUnread] of mail) {
  test(`luna ${isUnread ? "reads" : "does not read"} ${what}`, () => {
    using temporary = temporaryDb();
    const { db } = temporary;
    const id = addMessage(db, { from: "zeno", ...data });
    const unread = unreadMessages(db, { name: "luna", cursor: 0, limit: 50 });
    expect(unread.map((event) => event.id)).toEqual(isUnread ? [id] : []);
    expect(countUnread(db, { name: "luna", principal: "p", cursor: 0 })).toBe(isUnread ? 1 : 0);
    expect(countUnread(db, { name: "luna", principal: "p", cursor: id })).toBe(0);
  });
}

test("120 unread messages come in batches of 50, 50 and 20, and nothing else does", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  for (let n = 0; n < 120; n++) {
    addMessage(db, { from: "nova" });
    addStatus(db, "nova", { context: "tool:Bash" });
  }
  expect(countUnread(db, { name: "luna", principal: "p", cursor: 0 })).toBe(120);
  const sizes: number[] = [];
  for (let cursor = 0; ; ) {
    const batch = unreadMessages(db, { name: "luna", cursor, limit: 50 });
    if (batch.length === 0) break;
    expect(batch[0]?.id).toBeGreaterThan(cursor);
    cursor = batch.at(-1)?.id ?? 0;
    sizes.push(batch.length);
  }
  expect(sizes).toEqual([50, 50, 20]);
});

test("the latest real stop is found by name and by session, placeholders are not", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const stop = (name: string, session: string | null, more = {}) =>
    addLife(db, name, { action: "stopped", snapshot: { name, session_id: session }, ...more });
  stop("luna", "s-1");
  const second = stop("luna", "s-2");
  const nova = stop("nova", "s-1", { placeholder: false });
  stop("luna", null, { placeholder: true });
  stop("tofu", null, { placeholder: true });
  addLife(db, "kira", { action: "created" });
  expect(latestStopped(db, "luna")?.id).toBe(second);
  expect(latestStopped(db, "tofu")).toBeUndefined();
  expect(latestStopped(db, "kira")).toBeUndefined();
  expect(latestStoppedBySession(db, "s-1")?.id).toBe(nova);
  expect(latestStoppedBySession(db, "s-9")).toBeUndefined();
  expect(stopEvents(db, { limit: 2 }).map((event) => event.id)).toEqual([nova, second]);
  expect(stopEvents(db, { name: "tofu", limit: 2 })).toEqual([]);
});

test("recently stopped shows each name once, newest first, from that time on", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  addLife(db, "old", { action: "stopped" }, 1000);
  addLife(db, "luna", { action: "stopped" }, 5000);
  const nova = addLife(db, "nova", { action: "stopped" }, 6000);
  const luna = addLife(db, "luna", { action: "stopped" }, 7000);
  expect(recentlyStopped(db, isoTime(5000)).map((event) => event.id)).toEqual([luna, nova]);
});
