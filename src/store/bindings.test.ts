// Which instance a process or a session belongs to.
import { expect, test } from "bun:test";
import {
  deleteProcessBinding,
  deleteSessionBindings,
  hasProcessBinding,
  hasSessionBinding,
  processBinding,
  processBindingOf,
  rebindSession,
  sessionBinding,
  setProcessBinding,
  setSessionBinding,
} from "./bindings.ts";
import type { Db } from "./db.ts";
import { temporaryDb } from "./fixtures/databases.ts";
import { insertInstance } from "./instances.ts";

function twoInstances(db: Db) {
  insertInstance(db, { name: "luna", created_at: 1 });
  insertInstance(db, { name: "nova", created_at: 2 });
}

test("a process binding is set, moved, found by name and removed", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  setProcessBinding(db, { processId: "p", session: null, name: "luna", now: 1.5 });
  expect(processBinding(db, "p")).toEqual({
    process_id: "p",
    session_id: null,
    instance_name: "luna",
    updated_at: 1.5,
  });
  setProcessBinding(db, { processId: "p", session: "s", name: "nova", now: 2 });
  setProcessBinding(db, { processId: "q", session: "s", name: "nova", now: 3 });
  expect(processBindingOf(db, "nova")?.process_id).toBe("q");
  expect([hasProcessBinding(db, "luna"), hasProcessBinding(db, "nova")]).toEqual([false, true]);
  expect([deleteProcessBinding(db, "p"), deleteProcessBinding(db, "p")]).toEqual([true, false]);
  expect(processBinding(db, "p")).toBeUndefined();
});

test("a session stays with the existing name that has it, until it is rebound", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  twoInstances(db);
  expect(setSessionBinding(db, { session: "s", name: "luna", now: 1 })).toBe(true);
  expect(setSessionBinding(db, { session: "s", name: "luna", now: 2 })).toBe(true);
  expect(setSessionBinding(db, { session: "s", name: "nova", now: 3 })).toBe(false);
  expect(sessionBinding(db, "s")).toBe("luna");
  expect(rebindSession(db, { session: "s", name: "nova", now: 4 })).toBe(true);
  expect(sessionBinding(db, "s")).toBe("nova");
  expect([hasSessionBinding(db, "luna"), hasSessionBinding(db, "nova")]).toEqual([false, true]);
});

test("a name without a row gets no session", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  expect(setSessionBinding(db, { session: "s", name: "ghost", now: 1 })).toBe(false);
  expect(rebindSession(db, { session: "s", name: "ghost", now: 1 })).toBe(false);
  expect(sessionBinding(db, "s")).toBeUndefined();
});

test("several sessions of one name go together, others stay", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  twoInstances(db);
  for (const session of ["a", "b"]) setSessionBinding(db, { session, name: "luna", now: 1 });
  setSessionBinding(db, { session: "c", name: "nova", now: 1 });
  expect(deleteSessionBindings(db, "luna")).toBe(2);
  expect([sessionBinding(db, "a"), sessionBinding(db, "c")]).toEqual([undefined, "nova"]);
});
