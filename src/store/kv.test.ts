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
import { claimKv, deleteKv, getKv, kvByPrefix, setKv } from "./kv.ts";
import { createPrincipal, getPrincipal, renamePrincipal } from "./principals.ts";

test("a value is set, replaced and deleted", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  expect(getKv(db, "k")).toBeUndefined();
  setKv(db, "k", "1");
  setKv(db, "k", "2");
  expect(getKv(db, "k")).toBe("2");
  expect([deleteKv(db, "k"), deleteKv(db, "k")]).toEqual([true, false]);
});

test("a claim is won once", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  expect([claimKv(db, "c", "me"), claimKv(db, "c", "you")]).toEqual([true, false]);
  expect(getKv(db, "c")).toBe("me");
});

test("a prefix is literal: no character of it is special", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  for (const key of ["_wake_a", "xwake_a", "tip:a%b:1", "tip:aXb:1", "tip:a%b:ö", "tip:a%c"]) {
    setKv(db, key, key);
  }
  const keys = (prefix: string) => kvByPrefix(db, prefix).map((row) => row.key);
  expect(keys("_wake")).toEqual(["_wake_a"]);
  expect(keys("tip:a%b:")).toEqual(["tip:a%b:1", "tip:a%b:ö"]);
  expect(keys("tip:a%b:1")).toEqual(["tip:a%b:1"]);
  expect(keys("")).toHaveLength(6);
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

test("a principal keeps what it was created with, but for its name", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  createPrincipal(db, { id: "p", name: "luna", tool: "codex", now: 1.5 });
  createPrincipal(db, { id: "p", name: "other", tool: "claude", now: 2 });
  createPrincipal(db, { id: "q", name: "fork", tool: "codex", parent: "p", now: 3 });
  expect([renamePrincipal(db, "p", "nova"), renamePrincipal(db, "x", "y")]).toEqual([true, false]);
  expect(getPrincipal(db, "p")).toEqual({
    id: "p",
    name: "nova",
    tool: "codex",
    parent: null,
    created_at: 1.5,
  });
  expect(getPrincipal(db, "q")?.parent).toBe("p");
  expect(getPrincipal(db, "x")).toBeUndefined();
});
