// Memberships of threads.
import { expect, test } from "bun:test";
import { temporaryDb } from "./fixtures/databases.ts";
import { insertInstance } from "./instances.ts";
import { getKv, setKv } from "./kv.ts";
import { addThreadMembers, membershipId, purgeSubscriptionsOf, threadMembers } from "./threads.ts";

const now = 1_790_000_000.25;

test("a membership is a delivery-only subscription under the known id", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  // sha256("thread-member:t:luna")
  const digest = new Bun.CryptoHasher("sha256").update("thread-member:t:luna").digest("hex");
  const id = `sub-${digest.slice(0, 8)}`;
  expect(membershipId("t", "luna")).toBe(id);
  addThreadMembers(db, { thread: "t", members: ["luna"], now, lastId: 7 });
  expect(JSON.parse(getKv(db, `events_sub:${id}`) ?? "")).toEqual({
    id,
    caller: "luna",
    thread_name: "t",
    auto_thread_member: true,
    delivery_only: true,
    sql: "0",
    created: now,
    last_id: 7,
    once: false,
  });
});

test("members come in the order of joining, live ones only, joining twice changes nothing", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const members = ["zeno", "kira", "mora", "luna", "nova"];
  for (const name of members) insertInstance(db, { name, created_at: 1 });
  addThreadMembers(db, { thread: "t", members: [...members, "ghost"], now, lastId: 1 });
  addThreadMembers(db, { thread: "t", members: ["nova", "zeno"], now: now + 5, lastId: 9 });
  addThreadMembers(db, { thread: "other", members: ["nova"], now, lastId: 1 });
  setKv(db, "events_sub:sub-broken", "{oops");
  expect(threadMembers(db, "t")).toEqual(members);
  expect(threadMembers(db, "other")).toEqual(["nova"]);
  expect(threadMembers(db, "none")).toEqual([]);
});

test("a purge takes everything of that name and nothing else", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  addThreadMembers(db, { thread: "t", members: ["luna", "nova"], now, lastId: 1 });
  setKv(db, "events_sub:sub-x", '{"caller":"luna"}');
  expect(purgeSubscriptionsOf(db, "luna")).toBe(2);
  const callers = "SELECT json_extract(value, '$.caller') AS caller FROM kv";
  expect(db.all(callers)).toEqual([{ caller: "nova" }]);
});
