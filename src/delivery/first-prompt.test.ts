// What the typist does when a terminal never takes the prompt, and when the log does not either.
import { expect, test } from "bun:test";
import type { System } from "../sys/system.ts";
import { openTypist } from "./first-prompt.ts";
import type { Seen } from "./plan/seen.ts";

test("what no box takes is handed on once, as soon as the log takes it", () => {
  const world = { now: 0, isLocked: true, mailed: [] as string[], keys: "" };
  const system = { monotonic: () => world.now, log: () => {} } as unknown as System;
  const typist = openTypist({
    text: "the prompt",
    rungs: [],
    system,
    write: (keys) => {
      world.keys += keys;
    },
    isScreenBehind: () => false,
    onFailed(text) {
      if (world.isLocked) throw new Error("locked");
      world.mailed.push(text);
    },
  });
  const seen = { screen: { input: null }, sinceKey: 60_000 } as unknown as Seen;
  typist.step(seen, true);
  world.now = 61_000;
  expect(() => typist.step(seen, true)).toThrow("locked");
  expect(typist.isUnderWay()).toBe(true);
  world.isLocked = false;
  for (let n = 0; n < 3; n++) typist.step(seen, true);
  expect([typist.isUnderWay(), world.mailed, world.keys]).toEqual([false, ["the prompt"], ""]);
});

test("what could break out of a paste does not", () => {
  let keys = "";
  const system = { monotonic: () => 0, log: () => {} } as unknown as System;
  const typist = openTypist({
    text: "a\x1b[201~\rb\nc",
    rungs: [],
    system,
    write: (typed) => {
      keys += typed;
    },
    isScreenBehind: () => false,
    onFailed() {},
  });
  typist.step({ screen: { input: "" }, sinceKey: 60_000 } as unknown as Seen, true);
  expect(keys).toBe("\x1b[200~a\ufffd[201~\ufffdb\nc\x1b[201~");
});
