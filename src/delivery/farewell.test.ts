import { expect, test } from "bun:test";
import { Refusal } from "../core/refusal.ts";
import type { System } from "../sys/system.ts";
import type { Book } from "./book.ts";
import { farewell } from "./farewell.ts";

const words = { reason: "closed", exitCode: 0, screenTail: "" } as const;

/** A clock that runs ahead by `stepMs` at each look, and a book that is locked until `freeAt`. */
async function sayAt(freeAt: number, stepMs: number): Promise<{ isSaid: boolean; log: string[] }> {
  let now = 0;
  let isSaid = false;
  const log: string[] = [];
  const system = {
    monotonic() {
      now += stepMs;
      return now;
    },
    log: (record: { event: string }) => void log.push(record.event),
  } as unknown as System;
  const book = {
    leave() {
      if (now < freeAt) throw new Refusal({ code: "database_busy", message: "x", hint: "x" });
      isSaid = true;
    },
  } as unknown as Book;
  await farewell(system, book, words);
  return { isSaid, log };
}

test("a database that is locked for eight seconds still gets the farewell", async () => {
  expect(await sayAt(8000, 300)).toEqual({ isSaid: true, log: [] });
});

test("one that stays locked is given up, and the log says so", async () => {
  expect(await sayAt(Number.POSITIVE_INFINITY, 2000)).toEqual({
    isSaid: false,
    log: ["no_farewell"],
  });
});
