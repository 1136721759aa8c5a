// What the dashboard is fed with: the log, which wakes it, and what changes without an event, which
// is read as seldom as nobody notices. Where nothing changes nothing runs but one look a second.
import { findInstance } from "../bus/agents/identity.ts";
import type { Bus } from "../bus/bus.ts";
import { watchWakes } from "../bus/wake.ts";
import { Refusal } from "../core/refusal.ts";
import type { State } from "../view/state.ts";
import type { Signal } from "../view/update.ts";
import { openReader } from "./reader.ts";
import { readWanted, wantedPace } from "./wanted.ts";

/**
 * Who is here is read soon after a wake, but so that it takes one part in `costs` of the time, and
 * without a wake now and then: a process that dies tells nobody.
 */
const peopleMs = { least: 500, most: 2000, costs: 200, idle: 10_000 } as const;
const screenMs = 250;
const clockMs = 1000;

export interface Feeds extends Disposable {
  /** Has the world been seen once? */
  isReady(): boolean;
  /** The reader looks at something else now. */
  wantsChanged(): void;
}

type Guard = (work: () => void | Promise<void>) => Promise<void>;

export function startFeeds(bus: Bus, state: () => State, signal: (one: Signal) => void): Feeds {
  const reader = openReader(bus, () => watch());
  const guard = guarded(state, signal);
  let isReady = false;
  const people = throttled(bus, async () => {
    await guard(async () => {
      const world = await reader.people(state().world);
      const isFirst = !isReady;
      isReady = true;
      signal({ kind: "world", world });
      // The first frame is there; what was before may take its time.
      if (isFirst) setTimeout(() => void guard(earlier), 50);
    });
    // A log that does not answer is to be shown, too.
    isReady = true;
  });
  const earlier = () => signal({ kind: "world", world: reader.earlier() });
  const news = () =>
    void guard(() => {
      const world = reader.news(state().world);
      if (world !== undefined) signal({ kind: "world", world });
    });
  const wanted = wantedFeed(bus, state, signal, guard);
  let wakes: Disposable | undefined;
  const watch = () => {
    wakes?.[Symbol.dispose]();
    wakes = watchWakes(bus, () => {
      news();
      people.soon();
      wanted.soon();
    });
    people.soon();
  };
  news();
  people.now();
  watch();
  wanted.now();
  const clock = setInterval(() => {
    const nowMs = bus.system.now();
    if (isMoving(state(), nowMs)) signal({ kind: "time", nowMs });
    // Whoever takes the log away wakes nobody.
    news();
    people.now(peopleMs.idle);
    wanted.soon();
  }, clockMs);
  return {
    isReady: () => isReady,
    wantsChanged: wanted.now,
    [Symbol.dispose]: () => {
      wakes?.[Symbol.dispose]();
      wanted[Symbol.dispose]();
      people[Symbol.dispose]();
      clearInterval(clock);
    },
  };
}

/** Is there anything on the screen that time alone changes, this second? */
function isMoving(state: State, nowMs: number): boolean {
  if (state.notice !== undefined) return true;
  if (state.jobs.some((job) => job.state === "waiting" || job.state === "running")) return true;
  const youngest = state.world.agents.reduce((most, one) => Math.max(most, one.sinceMs), 0);
  return nowMs - youngest < 65_000 || nowMs - state.world.nowMs > 15_000;
}

/** A log that is locked, gone or broken is said on the screen, until it answers again. */
function guarded(state: () => State, signal: (one: Signal) => void): Guard {
  return async (work) => {
    try {
      await work();
      if (state().world.problem !== "") signal({ kind: "world", world: { problem: "" } });
    } catch (error) {
      const problem = error instanceof Refusal ? error.message : String(error);
      if (state().world.problem !== problem) signal({ kind: "world", world: { problem } });
    }
  };
}

/** Costly reads: soon after a wake, but so that they take a small part of the time. */
function throttled(bus: Bus, read: () => Promise<void>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  let endedAt = Number.NEGATIVE_INFINITY;
  let pauseMs: number = peopleMs.least;
  const run = async () => {
    timer = undefined;
    isRunning = true;
    const from = bus.system.monotonic();
    await read();
    endedAt = bus.system.monotonic();
    isRunning = false;
    const cost = (endedAt - from) * peopleMs.costs;
    pauseMs = Math.max(peopleMs.least, Math.min(peopleMs.most, cost));
  };
  return {
    soon() {
      if (timer !== undefined) return;
      const since = bus.system.monotonic() - endedAt;
      timer = setTimeout(run, isRunning ? pauseMs : Math.max(0, pauseMs - since));
    },
    /** Unless it was read that lately. */
    now(withinMs = 0) {
      if (isRunning || timer !== undefined) return;
      if (bus.system.monotonic() - endedAt >= withinMs) void run();
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

/**
 * What only the view that is open shows: a screen, a transcript, channels, settings. A screen tells
 * nobody that it changed, so as long as one is shown it is asked; the rest is looked at when the
 * log wakes or the clock ticks.
 */
function wantedFeed(bus: Bus, state: () => State, signal: (one: Signal) => void, guard: Guard) {
  let isReading = false;
  let isClosed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async () => {
    timer = undefined;
    if (isReading) return plan(screenMs);
    isReading = true;
    await guard(async () => {
      const world = await readWanted(bus, state(), (name) => findInstance(bus, name));
      if (world !== undefined) signal({ kind: "world", world });
    });
    isReading = false;
    if (wantedPace(state()) === "screen") plan(screenMs);
  };
  const plan = (afterMs: number) => {
    if (isClosed) return;
    timer ??= setTimeout(look, afterMs);
  };
  return {
    soon() {
      if (wantedPace(state()) !== "none") plan(screenMs);
    },
    now() {
      clearTimeout(timer);
      timer = undefined;
      plan(0);
    },
    [Symbol.dispose]: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
