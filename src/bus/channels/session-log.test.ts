import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { realSystem } from "../../sys/system.ts";
import { type Bus, openBus } from "../bus.ts";
import { contextOf, operationsOf, recordContext, recordOperation } from "./session-log.ts";

let folder: string;
let bus: Bus;

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/hcom-session-`);
  const now = () => Date.UTC(2026, 1, 28, 12, 0, 0, 250);
  bus = openBus({ ...realSystem(), env: { HCOM_DIR: folder }, now });
});
afterEach(() => {
  bus.db.close();
  rmSync(folder, { recursive: true });
});

const call = (session: string, tool: string, error?: string) =>
  recordOperation(bus, { session, store: "bus:main", tool, ok: error === undefined, error });

test("every call is kept with its time, its outcome and what it was about", () => {
  const related = { relatedKind: "message" as const, relatedId: 7 };
  const given = { session: "s", store: "/tmp/a.acomm", tool: "send_message", ok: true, ...related };
  const kept = recordOperation(bus, given);
  expect(kept).toEqual({ ...given, at: "2026-02-28T12:00:00.250+00:00", error: null });
  expect(operationsOf(bus)).toEqual([kept]);
});

test("calls are found by session, failures only, and the newest in their order", () => {
  call("a", "one");
  call("b", "two", "Channel not found: 9");
  call("a", "three", "no");
  call("a", "four");
  const tools = (...query: Parameters<typeof operationsOf> extends [Bus, ...infer Q] ? Q : never) =>
    operationsOf(bus, ...query).map((operation) => operation.tool);
  expect(tools()).toEqual(["one", "two", "three", "four"]);
  expect(tools({ session: "a", last: 2 })).toEqual(["three", "four"]);
  expect(tools({ failuresOnly: true })).toEqual(["two", "three"]);
  expect(tools({ failuresOnly: true, session: "b" })).toEqual(["two"]);
  expect(operationsOf(bus, { session: "b" })[0]?.error).toBe("Channel not found: 9");
});

test("the log is bounded: the oldest go", () => {
  call("a", "first");
  bus.db.exec("UPDATE comm_oplog SET id = 5");
  call("a", "second");
  bus.db.exec("UPDATE comm_oplog SET id = 100005 WHERE id = 6");
  call("a", "third");
  expect(operationsOf(bus).map((operation) => operation.tool)).toEqual(["second", "third"]);
});

test("what was said about why is kept beside the calls", () => {
  const full = {
    session: "a",
    store: "bus:main",
    intent: "ask for a review",
    observation: "nobody answered",
    relatedMessageId: 3,
    topic: "review",
  };
  const kept = recordContext(bus, full);
  recordContext(bus, { session: "b", store: "bus:main", intent: "wait" });
  expect(kept).toEqual({ ...full, at: "2026-02-28T12:00:00.250+00:00" });
  expect(contextOf(bus, { session: "a" })).toEqual([kept]);
  expect(contextOf(bus, { last: 1 })).toMatchObject([
    { intent: "wait", observation: null, relatedMessageId: null, topic: null },
  ]);
});
