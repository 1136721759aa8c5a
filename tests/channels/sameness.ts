// Two forms of `CommStore` under the same operations answer the same, refuse the same and look the
// same in the end.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { CommStore } from "../../src/core/channels/comm-store.ts";
import { Refusal } from "../../src/core/refusal.ts";
import { type Operation, operations } from "./arbitraries.ts";
import { type MakeStore, noon, picture } from "./lab.ts";

export function checkSameness(name: string, one: MakeStore, other: MakeStore, runs = 300): void {
  describe(name, () => {
    for (const [title, hasTtl] of [
      ["answer the same, also when the clock goes back", false],
      ["answer the same when messages end", true],
    ] as const) {
      test(title, () => {
        const property = fc.property(operations(hasTtl), (all) => runOnBoth(one, other, all));
        fc.assert(property, { numRuns: runs });
      }, 240_000);
    }
  });
}

function runOnBoth(one: MakeStore, other: MakeStore, all: readonly Operation[]): void {
  const clock = { now: noon };
  const [first, second] = [one(clock), other(clock)];
  try {
    for (const [step, { what, later, act }] of all.entries()) {
      clock.now += later;
      const expected = outcome(first, act);
      expect({ step, what, ...outcome(second, act) }).toEqual({ step, what, ...expected });
    }
    expect(picture(second)).toEqual(picture(first));
  } finally {
    first[Symbol.dispose]?.();
    second[Symbol.dispose]?.();
  }
}

function outcome(store: CommStore, act: Operation["act"]): { value: unknown; refusal?: string } {
  try {
    return { value: act(store) };
  } catch (error) {
    if (error instanceof Refusal) return { value: error.code, refusal: error.message };
    throw error;
  }
}
