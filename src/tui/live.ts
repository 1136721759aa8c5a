// The dashboard on a terminal: signals in, frames out. The log wakes it as it wakes every reader;
// between wakes only ages move.

import { findInstance } from "../bus/agents/identity.ts";
import type { Bus } from "../bus/bus.ts";
import { watchWakes } from "../bus/wake.ts";
import { forPeople } from "../core/printable.ts";
import { Refusal } from "../core/refusal.ts";
import { type Frame, isSameFrame } from "../view/line.ts";
import { needsHuman } from "../view/marks.ts";
import type { Look } from "../view/paint.ts";
import { pointedAt } from "../view/pointed.ts";
import { isInSight, show } from "../view/show.ts";
import type { Effect, State } from "../view/state.ts";
import { type Signal, update } from "../view/update.ts";
import { newSince, streamLines } from "../view/views/stream.ts";
import { type Doing, doEffect } from "./do.ts";
import { openReader } from "./reader.ts";
import { type Listeners, openTerminal, type Terminal } from "./terminal.ts";
import { readWanted } from "./wanted.ts";

/** How often what changes without an event is read, at most and at least. */
const peopleMs = { least: 500, most: 2000, costs: 100, idle: 10_000 } as const;
const screenMs = 250;

export interface Live {
  bus: Bus;
  state: State;
  look: Omit<Look, "isLight">;
  hasMouse: boolean;
  /** How it is told that an agent begins to wait for a person: `desktop`, `bell`, `off`. */
  notice: string;
  /** Lines at the bottom of the usual screen; undefined: all of another one. */
  inlineRows: number | undefined;
}

/** Runs until its person leaves; the exit code. */
export async function runLive(live: Live): Promise<number> {
  const app = await open(live);
  try {
    return await app.left;
  } finally {
    await app.close();
  }
}

interface App {
  left: Promise<number>;
  close(): Promise<void>;
}

/** The world is read while the terminal is still being asked what it can do. */
async function open(live: Live): Promise<App> {
  const app = newApp(live);
  const opening = openTerminal(app.listeners, live);
  app.start();
  const terminal = await opening;
  app.take(terminal);
  return {
    left: app.left,
    async close() {
      app[Symbol.dispose]();
      await terminal.close();
    },
  };
}

function newApp(live: Live) {
  let { state } = live;
  let terminal: Terminal | undefined;
  let drawn: Frame | undefined;
  let feeds: Feeds | undefined;
  const { promise: left, resolve: leave } = Promise.withResolvers<number>();
  const draw = (isForced = false): void => {
    if (terminal === undefined || feeds?.isReady() !== true) return;
    const frame = show(state);
    if (!isForced && drawn !== undefined && isSameFrame(frame, drawn)) return;
    drawn = frame;
    terminal.draw(frame, { ...live.look, isLight: terminal.isLight() === true });
  };
  let told: number | undefined;
  const tell = (): void => {
    if (live.inlineRows === undefined) return;
    const last = state.world.activity.at(-1)?.id ?? 0;
    // What was there at the first look is not news, what comes before the terminal is there is.
    told ??= last;
    if (terminal === undefined) return;
    const look = { ...live.look, isLight: terminal.isLight() === true };
    for (const event of newSince(state, told)) {
      terminal.print(streamLines(state, event, terminal.size().width), look);
    }
    told = last;
  };
  const signal = (one: Signal): void => {
    const before = state;
    const next = update(state, one);
    state = next.state;
    for (const effect of next.effects) void started(doing, state, effect);
    if (terminal !== undefined) tellOfQuestions(terminal, live.notice, before, state);
    if (one.kind === "key") feeds?.wantsChanged();
    if (one.kind === "world") tell();
    if (one.kind !== "world" || isInSight(state, one.world)) draw();
  };
  const doing: Doing = { bus: live.bus, terminal: () => terminal, signal, leave };
  const signals = leaveBySignal(leave, doing, () => state);
  return {
    left,
    listeners: listenersOf(
      signal,
      () => state,
      () => draw(true),
    ),
    start() {
      feeds = startFeeds(live.bus, () => state, signal);
    },
    take(opened: Terminal) {
      terminal = opened;
      tell();
      signal({ kind: "size", ...opened.size() });
    },
    [Symbol.dispose]: () => {
      signals[Symbol.dispose]();
      feeds?.[Symbol.dispose]();
    },
  };
}

function listenersOf(
  signal: (one: Signal) => void,
  state: () => State,
  onTheme: () => void,
): Listeners {
  return {
    onKey: ({ key, text }) => signal({ kind: "key", key, text }),
    onPaste: (text) => signal({ kind: "paste", text }),
    onSize: (width, height) => signal({ kind: "size", width, height }),
    onTheme,
    onClick: (x, y) => {
      const pointed = pointedAt(state(), x, y);
      if (pointed !== undefined) signal(pointed);
    },
    onWheel: (by) => signal({ kind: "key", key: by < 0 ? "up" : "down", text: "" }),
  };
}

/** What fails is said where the person looks; the dashboard goes on. */
async function started(doing: Doing, state: State, effect: Effect): Promise<void> {
  try {
    await doEffect(doing, state, effect);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    doing.signal({ kind: "notice", text, tone: "bad" });
  }
}

function tellOfQuestions(terminal: Terminal, how: string, before: State, after: State): void {
  if (how === "off") return;
  if (before.world.agents === after.world.agents || before.world.agents.length === 0) return;
  const asked = new Set(before.world.agents.filter(needsHuman).map((one) => one.name));
  const news = after.world.agents.filter((one) => needsHuman(one) && !asked.has(one.name));
  if (news.length === 0) return;
  const words = `${news.map((one) => forPeople(one.shown)).join(", ")} asks you`;
  if (how === "bell" || !terminal.notify(words)) terminal.ring();
}

interface Feeds extends Disposable {
  /** Has the world been seen once? */
  isReady(): boolean;
  /** The reader looks at something else now. */
  wantsChanged(): void;
}

function startFeeds(bus: Bus, state: () => State, signal: (one: Signal) => void): Feeds {
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
  let wakes: Disposable | undefined;
  const watch = () => {
    wakes?.[Symbol.dispose]();
    wakes = watchWakes(bus, () => {
      news();
      people.soon();
    });
    people.soon();
  };
  news();
  people.now();
  watch();
  const wanted = wantedFeed(bus, state, signal, guard);
  const clock = setInterval(() => {
    const nowMs = bus.system.now();
    if (isMoving(state(), nowMs)) signal({ kind: "time", nowMs });
    // Whoever takes the log away wakes nobody.
    news();
    people.now(peopleMs.idle);
  }, 1000);
  return {
    isReady: () => isReady,
    wantsChanged: wanted.changed,
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
  const youngest = Math.max(0, ...state.world.agents.map((one) => one.sinceMs));
  return nowMs - youngest < 65_000 || nowMs - state.world.nowMs > 15_000;
}

/** A log that is locked, gone or broken is said on the screen, until it answers again. */
function guarded(state: () => State, signal: (one: Signal) => void) {
  return async (work: () => void | Promise<void>): Promise<void> => {
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

/** What only the view that is open shows: a screen, a transcript, channels, settings. */
function wantedFeed(
  bus: Bus,
  state: () => State,
  signal: (one: Signal) => void,
  guard: (work: () => Promise<void>) => Promise<void>,
) {
  let isReading = false;
  const look = async () => {
    if (isReading) return;
    isReading = true;
    await guard(async () => {
      const world = await readWanted(bus, state(), (name) => findInstance(bus, name));
      if (world !== undefined) signal({ kind: "world", world });
    });
    isReading = false;
  };
  const timer = setInterval(() => void look(), screenMs);
  return {
    changed: () => void setTimeout(look, 0),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

const codes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

function leaveBySignal(
  leave: (code: number) => void,
  doing: Doing,
  state: () => State,
): Disposable {
  const handlers = Object.entries(codes).map(([name, code]) => {
    const handler = () => leave(code);
    process.on(name, handler);
    return () => process.off(name, handler);
  });
  const stop = () => void started(doing, state(), { kind: "suspend" });
  process.on("SIGTSTP", stop);
  return {
    [Symbol.dispose]: () => {
      for (const off of handlers) off();
      process.off("SIGTSTP", stop);
    },
  };
}
