// The loop around a database that fails and a screen that lags: what it must not type.
import { expect, test } from "bun:test";
import { staysTrue } from "../../tests/kit/until.ts";
import type { Instance } from "../core/instance.ts";
import { Refusal } from "../core/refusal.ts";
import type { System } from "../sys/system.ts";
import type { Book } from "./book.ts";
import type { Eyes } from "./eyes.ts";
import { fakeTool } from "./fixtures/fake-tool.ts";
import { until } from "./fixtures/wrapped.ts";
import { Loop } from "./loop.ts";
import type { Glance } from "./plan/seen.ts";

const text = "<hcom>";

/** A loop with mail for an idle agent; the test moves the clock, the row and the screen. */
function scene() {
  const world = {
    now: 100_000,
    /** How often the screen was looked at. */
    looks: 0,
    row: { name: "luna", status: "listening", status_context: "", status_time: 0, session_id: "s" },
    screen: { isReady: true, hasText: true, input: "" as string | null, hasApproval: false },
    isBehind: false,
    /** The next status written meets a locked database. */
    onStatus: () => {},
    statuses: [] as string[],
    /** When senders were told that their mail is held. */
    told: [] as number[],
    written: "",
  };
  const book = {
    look: () => ({
      row: { ...world.row, status_detail: "", last_event_id: 0 } as unknown as Instance,
      mail: { ids: [7], inFlight: false },
      hookMark: 1,
    }),
    status(_name: string, status: string) {
      world.onStatus();
      world.statuses.push(status);
    },
    tellHeld: () => void world.told.push(world.now),
    ...{ annotate() {}, launch() {}, pushed() {}, pushFailed() {}, beat() {} },
    ...{ prove: () => 0, lapse: () => [] },
  } as unknown as Book;
  const eyes = {
    glance(): Glance {
      world.looks++;
      return {
        ...world.screen,
        ...{ hasOverlay: false, hasLaunchQuestion: false, isBusy: false, isBypassed: false },
      };
    },
    ...{ quietMs: () => 60_000, sinceKey: () => 60_000, sinceSubmit: () => 60_000 },
  } as unknown as Eyes;
  const loop = new Loop({
    system: {
      now: () => world.now,
      monotonic: () => world.now,
      log: () => {},
    } as unknown as System,
    rules: {
      gates: { ...fakeTool.gates, idle: false },
      rungs: [{ kind: "typing", text, enterDelayMs: 1000 }],
      startTimeoutMs: 5000,
    },
    book,
    eyes,
    typist: { isUnderWay: () => false, step() {} },
    live: () => undefined,
    target: {} as never,
    bells: "/nonexistent",
    write(typed) {
      world.written += typed;
    },
    isScreenBehind: () => world.isBehind,
    evidence: () => "",
    onOrphaned() {},
    onRow() {},
  });
  return { world, [Symbol.dispose]: () => loop[Symbol.dispose]() };
}

/** Lets the clock run until it is so. */
function untilAt(
  world: { now: number },
  what: string,
  isDone: () => boolean,
  stepMs = 20,
): Promise<void> {
  return until(what, () => {
    world.now += stepMs;
    return isDone();
  });
}

/** What was there before has been seen, and acted on; the clock stands still. */
function looksTwice(world: { looks: number }): Promise<void> {
  const before = world.looks;
  return until("two looks", () => world.looks > before + 1);
}

test("Enter that meets a locked database is not pressed later on another screen", async () => {
  using it = scene();
  const { world } = it;
  await untilAt(world, "the text is typed", () => world.written === text);
  world.screen.input = text;
  // A turn that was interrupted: the row is behind, which is said in the turn that presses Enter.
  world.row.status = "active";
  await looksTwice(world);
  world.onStatus = () => {
    world.onStatus = () => {};
    world.screen.input = "my draft";
    throw new Refusal({ code: "database_busy", message: "x", hint: "x" });
  };
  world.now += 5000;
  await until("the status is written late", () => world.statuses.length > 0);
  world.row.status = "listening";
  await looksTwice(world);
  expect(world.written).toBe(text);
  // The draft is gone and our text is still there: it is used, not typed again.
  world.screen.input = text;
  await untilAt(world, "Enter is pressed", () => world.written === `${text}\r`);
});

test("nothing is typed while output is still on its way to the screen", async () => {
  using it = scene();
  const { world } = it;
  world.isBehind = true;
  await staysTrue(800, () => {
    world.now += 500;
    return world.written === "";
  });
  world.isBehind = false;
  await untilAt(world, "the text is typed", () => world.written === text);
});

test("senders are told once mail has been held for 45 s, and not before", async () => {
  using it = scene();
  const { world } = it;
  world.screen.input = "my draft";
  const from = world.now;
  await untilAt(world, "they are told", () => world.told.length > 0, 500);
  expect((world.told[0] ?? 0) - from).toBeGreaterThanOrEqual(45_000);
  expect(world.written).toBe("");
});
