import { expect, test } from "bun:test";
import { type FirstPrompt, stepFirstPrompt, waiting } from "./first-prompt.ts";
import type { Glance, Seen } from "./seen.ts";

interface Look extends Partial<Glance> {
  isLaunched?: boolean;
  sinceKey?: number;
}

/** Looks one after the other, each at its own time; the keys that were pressed, with the time. */
function play(...looks: [atMs: number, look: Look][]) {
  let now: FirstPrompt = waiting;
  const keys: [number, string][] = [];
  for (const [nowMs, { isLaunched = true, sinceKey = 60_000, ...screen }] of looks) {
    const glance = { ...{ input: "", isBusy: false, hasApproval: false }, ...screen };
    const seen = { screen: glance, sinceKey } as unknown as Seen;
    const step = stepFirstPrompt(now, seen, { isLaunched, enterDelayMs: 500, nowMs });
    now = step.next;
    if (step.key !== undefined) keys.push([nowMs, step.key]);
  }
  return { keys, phase: now.phase };
}

test("it is pasted into the empty box of a ready session, and sent once it stands there", () => {
  const played = play(
    [0, { isLaunched: false }],
    [100, { input: null }],
    [200, {}],
    [300, {}],
    [400, { input: "[Pasted text #1 +2 lines]" }],
    [800, { input: "[Pasted text #1 +2 lines]" }],
    [900, { input: "" }],
    [1000, {}],
  );
  expect(played).toEqual({
    keys: [
      [200, "paste"],
      [800, "enter"],
    ],
    phase: "done",
  });
});

test("a question, a dialog and a person at the keys come first", () => {
  for (const inTheWay of [
    { hasApproval: true },
    { hasLaunchQuestion: true },
    { hasOverlay: true },
    { isBusy: true },
    { input: "a draft" },
    { sinceKey: 100 },
  ]) {
    expect(play([0, inTheWay]).keys).toEqual([]);
  }
  const asked = play([0, {}], [900, { input: "x", hasApproval: true }], [1000, { input: "x" }]);
  expect(asked.keys.map(([, key]) => key)).toEqual(["paste", "enter"]);
});

test("what a person has typed behind it is theirs to send", () => {
  const played = play([0, {}], [2000, { input: "first and more", sinceKey: 1000 }]);
  expect(played).toEqual({ keys: [[0, "paste"]], phase: "done" });
});

test("a box that does not show it gets it again, not for ever", () => {
  const looks = Array.from({ length: 60 }, (_, at): [number, Look] => [at * 1000, {}]);
  const { keys, phase } = play(...looks);
  expect(keys.map(([, key]) => key)).toEqual(["paste", "paste", "paste"]);
  expect(phase).toBe("failed");
});

test("an Enter without effect is pressed again, not for ever", () => {
  const input = "first";
  const looks = Array.from({ length: 60 }, (_, at): [number, Look] => [at * 1000 + 1, { input }]);
  const { keys, phase } = play([0, {}], ...looks);
  expect(keys.map(([, key]) => key)).toEqual(["paste", "enter", "enter", "enter", "enter"]);
  expect(phase).toBe("failed");
});

test("without an empty box it is given up after a minute, with a question open it waits", () => {
  const looks = (look: Look) =>
    Array.from({ length: 100 }, (_, at): [number, Look] => [at * 1000, look]);
  for (const look of [{ input: null }, { input: "a draft" }, { isLaunched: false }]) {
    expect(play(...looks(look))).toEqual({ keys: [], phase: "failed" });
  }
  for (const look of [{ hasLaunchQuestion: true }, { input: null, hasApproval: true }]) {
    expect(play(...looks(look))).toEqual({ keys: [], phase: "waiting" });
  }
});
