// Rows of live participants and stopping exactly once.
import { expect, test } from "bun:test";
import {
  processBinding,
  sessionBinding,
  setProcessBinding,
  setSessionBinding,
} from "./bindings.ts";
import type { Db } from "./db.ts";
import { endpointsOf, upsertEndpoint } from "./endpoints.ts";
import { isConstraint } from "./errors.ts";
import { temporaryDb } from "./fixtures/databases.ts";
import {
  aliveNames,
  childrenOf,
  deleteIncarnation,
  getInstance,
  insertInstance,
  instanceByAgent,
  instanceBySession,
  listInstances,
  updateInstance,
} from "./instances.ts";
import { getKv, setKv } from "./kv.ts";

test("a new row has the defaults of the schema", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  expect(aliveNames(db)).toEqual([]);
  insertInstance(db, { name: "luna", created_at: 17.25, session_id: "", principal: "p" });
  expect(getInstance(db, "luna")).toMatchObject({
    session_id: null,
    status: "active",
    tool: "claude",
    status_context: "",
    created_at: 17.25,
    last_event_id: 0,
    principal: "p",
  });
  expect(aliveNames(db)).toEqual(["luna"]);
});

test("a taken name, session or agent id is a constraint violation", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  insertInstance(db, { name: "luna", created_at: 1, session_id: "s", agent_id: "a" });
  const tries = [{ name: "luna" }, { name: "x", session_id: "s" }, { name: "x", agent_id: "a" }];
  for (const row of tries) {
    try {
      insertInstance(db, { created_at: 2, ...row });
      expect.unreachable();
    } catch (error) {
      expect(isConstraint(error)).toBe(true);
    }
  }
  insertInstance(db, { name: "y", created_at: 2, session_id: "", agent_id: "" });
  insertInstance(db, { name: "z", created_at: 2, session_id: "", agent_id: "" });
  expect(aliveNames(db).sort()).toEqual(["luna", "y", "z"]);
});

test("a patch changes those columns, an unknown one throws, a missing row is told", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  insertInstance(db, { name: "luna", created_at: 1 });
  expect(updateInstance(db, "luna", { status: "blocked", tag: null, agent_id: "abc" })).toBe(true);
  expect(instanceByAgent(db, "abc")).toMatchObject({ name: "luna", status: "blocked", tag: null });
  expect(updateInstance(db, "luna", {})).toBe(true);
  expect(updateInstance(db, "nova", { status: "active" })).toBe(false);
  const foreign: object = { statuss: "active" };
  expect(() => updateInstance(db, "luna", foreign)).toThrow("no column statuss");
});

test("lists are newest first; a row is found by session; children by session, then by name", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  insertInstance(db, { name: "luna", created_at: 1, session_id: "s" });
  insertInstance(db, { name: "by_name", created_at: 2, parent_name: "luna" });
  insertInstance(db, { name: "by_session", created_at: 3, parent_session_id: "s" });
  insertInstance(db, { name: "other", created_at: 4 });
  const names = (rows: { name: string }[]) => rows.map((row) => row.name);
  expect(names(listInstances(db))).toEqual(["other", "by_session", "by_name", "luna"]);
  expect(instanceBySession(db, "s")?.name).toBe("luna");
  expect(names(childrenOf(db, { name: "luna", session: "s" }))).toEqual(["by_session", "by_name"]);
  expect(names(childrenOf(db, { name: "luna", session: null }))).toEqual(["by_name"]);
  expect(names(childrenOf(db, { name: "other", session: null }))).toEqual([]);
});

function lunaWithEverything(db: Db) {
  insertInstance(db, { name: "luna", created_at: 1.5, session_id: "s" });
  insertInstance(db, { name: "nova", created_at: 2, parent_session_id: "s" });
  setSessionBinding(db, { session: "s", name: "luna", now: 1 });
  setProcessBinding(db, { processId: "p", session: "s", name: "luna", now: 1 });
  upsertEndpoint(db, { instance: "luna", kind: "pty", port: 1, now: 1 });
  setKv(db, "events_sub:sub-1", '{"caller":"luna"}');
  setKv(db, "events_sub:sub-2", '{"caller":"luna","delivery_only":true}');
  setKv(db, "events_sub:sub-3", '{"caller":"nova"}');
  setKv(db, "events_sub:broken", "{oops");
  setKv(db, "other", '{"caller":"luna"}');
  return { name: "luna", created_at: 1.5, session_id: "s", agent_id: null };
}

test("a stop removes the row with its bindings, ports and subscriptions, memberships stay", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const life = lunaWithEverything(db);
  expect(deleteIncarnation(db, life)).toBe(true);
  expect(aliveNames(db)).toEqual(["nova"]);
  expect(getInstance(db, "nova")?.parent_session_id).toBeNull();
  expect([sessionBinding(db, "s"), processBinding(db, "p")]).toEqual([undefined, undefined]);
  expect(endpointsOf(db, "luna")).toEqual([]);
  const kept = ["sub-1", "sub-2", "sub-3", "broken"].filter((id) => getKv(db, `events_sub:${id}`));
  expect(kept).toEqual(["sub-2", "sub-3", "broken"]);
  expect(getKv(db, "other")).toBeDefined();
  expect(deleteIncarnation(db, life)).toBe(false);
});

const others = [{ created_at: 1.25 }, { session_id: "t" }, { session_id: null }, { agent_id: "a" }];
for (const other of others) {
  test(`another life (${JSON.stringify(other)}) of the name is not stopped`, () => {
    using temporary = temporaryDb();
    const { db } = temporary;
    const life = lunaWithEverything(db);
    expect(deleteIncarnation(db, { ...life, ...other })).toBe(false);
    expect(getInstance(db, "luna")).toBeDefined();
    expect([sessionBinding(db, "s"), endpointsOf(db, "luna").length]).toEqual(["luna", 1]);
  });
}
