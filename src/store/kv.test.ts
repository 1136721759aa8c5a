// Small values, ports and principals: the tables with little behaviour.
import { expect, test } from "bun:test";
import {
  deleteEndpoint,
  deleteEndpoints,
  endpointsOf,
  moveEndpoints,
  pruneEndpoint,
  upsertEndpoint,
  wakeEndpoints,
} from "./endpoints.ts";
import { temporaryDb } from "./fixtures/databases.ts";
import { getKv, setKv } from "./kv.ts";
import { createPrincipal } from "./principals.ts";

test("a value is set and replaced", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  expect(getKv(db, "k")).toBeUndefined();
  setKv(db, "k", "1");
  setKv(db, "k", "2");
  expect(getKv(db, "k")).toBe("2");
});

test("ports: one per kind, never inject for waking, by name or all", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  upsertEndpoint(db, { instance: "luna", kind: "pty", port: 1, now: 1 });
  upsertEndpoint(db, { instance: "luna", kind: "pty", port: 2, now: 2 });
  upsertEndpoint(db, { instance: "luna", kind: "inject", port: 3, now: 1 });
  upsertEndpoint(db, { instance: "nova", kind: "listen", port: 4, now: 1 });
  const ports = (names?: string[]) => wakeEndpoints(db, names).map((endpoint) => endpoint.port);
  expect(endpointsOf(db, "luna").map((endpoint) => endpoint.port)).toEqual([3, 2]);
  expect([ports(), ports(["luna"]), ports([]), ports(["x"])]).toEqual([[2, 4], [2], [], []]);
  expect([deleteEndpoint(db, "luna", "pty"), deleteEndpoint(db, "luna", "pty")]).toEqual([
    true,
    false,
  ]);
  expect(deleteEndpoints(db, "luna")).toBe(1);
});

test("a dead port is pruned unless it was registered anew", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  upsertEndpoint(db, { instance: "luna", kind: "pty", port: 1, now: 1 });
  const [seen] = wakeEndpoints(db);
  upsertEndpoint(db, { instance: "luna", kind: "pty", port: 1, now: 2 });
  expect(pruneEndpoint(db, seen!)).toBe(false);
  expect(pruneEndpoint(db, wakeEndpoints(db)[0]!)).toBe(true);
  expect(wakeEndpoints(db)).toEqual([]);
});

test("moved ports win per kind, kinds of the target alone stay", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  upsertEndpoint(db, { instance: "from", kind: "pty", port: 1, now: 1 });
  upsertEndpoint(db, { instance: "to", kind: "pty", port: 2, now: 1 });
  upsertEndpoint(db, { instance: "to", kind: "plugin", port: 3, now: 1 });
  moveEndpoints(db, "from", "to");
  expect(endpointsOf(db, "from")).toEqual([]);
  expect(endpointsOf(db, "to").map(({ kind, port }) => [kind, port])).toEqual([
    ["plugin", 3],
    ["pty", 1],
  ]);
});

test("a principal keeps what it was created with", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  createPrincipal(db, { id: "p", name: "luna", tool: "codex", now: 1.5 });
  createPrincipal(db, { id: "p", name: "other", tool: "claude", now: 2 });
  createPrincipal(db, { id: "q", name: "fork", tool: "codex", parent: "p", now: 3 });
  expect(db.all("SELECT * FROM principal ORDER BY id")).toEqual([
    { id: "p", name: "luna", tool: "codex", parent: null, created_at: 1.5 },
    { id: "q", name: "fork", tool: "codex", parent: "p", created_at: 3 },
  ]);
});
