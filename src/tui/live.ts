// The dashboard on a terminal: signals in, frames out. The log wakes it as it wakes every reader;
// between wakes only ages move.

import type { Bus } from "../bus/bus.ts";
import { forPeople } from "../core/printable.ts";
import { needsHuman } from "../view/marks.ts";
import type { Look } from "../view/paint.ts";
import { pointedAt } from "../view/pointed.ts";
import { hasteOf } from "../view/show.ts";
import type { Effect, State } from "../view/state.ts";
import { type Signal, update } from "../view/update.ts";
import { newSince, streamLines } from "../view/views/stream.ts";
import { type Doing, doEffect } from "./do.ts";
import { type Feeds, startFeeds } from "./feeds.ts";
import { openPen } from "./pen.ts";
import { type Listeners, openTerminal, type Terminal } from "./terminal.ts";

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
  let feeds: Feeds | undefined;
  const { promise: left, resolve: leave } = Promise.withResolvers<number>();
  const pen = openPen({
    state: () => state,
    terminal: () => (feeds?.isReady() === true ? terminal : undefined),
    look: live.look,
  });
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
    if (one.kind !== "world" && one.kind !== "time") feeds?.wantsChanged();
    if (one.kind === "world") tell();
    const haste = one.kind === "world" ? hasteOf(state, one.world) : "now";
    if (haste === "now") pen.draw();
    else if (haste === "soon") pen.drawSoon();
  };
  const doing: Doing = { bus: live.bus, terminal: () => terminal, signal, leave };
  const signals = leaveBySignal(leave, doing, () => state);
  return {
    left,
    listeners: listenersOf(
      signal,
      () => state,
      () => pen.draw(true),
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
      pen[Symbol.dispose]();
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
