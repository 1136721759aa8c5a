import { expect, test } from "bun:test";
import { launchStep } from "./launch-phase.ts";
import { firstState, type Rules, type Seen } from "./seen.ts";

const rules: Rules = {
  gates: { idle: true, ready: true, emptyPrompt: false, userActive: true, approval: true },
  rungs: [],
  startTimeoutMs: 60_000,
  settleMs: 2000,
};
const box = {
  ...{ isReady: true, hasText: true, input: "", isBusy: false, isBypassed: false },
  ...{ hasApproval: false, hasOverlay: false, hasLaunchQuestion: false },
};
const row: NonNullable<Seen["row"]> = {
  ...{ status: "pending", context: "new", detail: "", ageMs: 0, cursor: 0, hookMark: 0 },
  ...{ hasSession: false, isPlaceholder: true },
};

function seen(screen: Partial<Seen["screen"]> = {}, more: Partial<typeof row> = {}): Seen {
  return {
    row: { ...row, ...more },
    screen: { ...box, ...screen },
    ...{ mail: { ids: [], inFlight: false }, live: undefined, unusable: [], effect: undefined },
    ...{ quietMs: 0, sinceKey: 9e9, sinceSubmit: 9e9, runningMs: 1000 },
  };
}

/** The looks at these times, one after the other; what the last one did. */
function after(looks: [number, Seen][]): string {
  let phase = launchStep(firstState(0), seen({ isReady: false }), 0, rules);
  for (const [at, look] of looks) phase = launchStep(phase, look, at, rules);
  return phase.actions.map((one) => ("outcome" in one ? one.outcome : one.kind)).join() || "waits";
}

const question = seen({ isReady: false, hasLaunchQuestion: true });

test("a box that a question replaces was never ready", () => {
  expect(after([[100, seen()]])).toBe("waits");
  const looks: [number, Seen][] = [
    [100, seen()],
    [500, question],
  ];
  expect(after(looks)).toBe("blocked");
});

test("a box that stands is ready after a while, or at once where a hook has spoken", () => {
  const looks: [number, Seen][] = [
    [100, seen()],
    [2100, seen()],
  ];
  expect(after(looks)).toBe("ready");
  expect(after([[100, seen({}, { isPlaceholder: false, status: "listening" })]])).toBe("ready");
});

test("the time begins anew when the box was gone in between", () => {
  const looks: [number, Seen][] = [
    [100, seen()],
    [1000, seen({ isReady: false })],
    [1200, seen()],
    [2200, seen()],
  ];
  expect(after(looks)).toBe("waits");
});
