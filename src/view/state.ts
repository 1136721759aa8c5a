// Everything the dashboard remembers besides the world: where the reader stands, what is being
// typed, which jobs run. Signals change it (`update.ts`), frames are made of it (`show.ts`).

import { defaultKeys, type KeyTable } from "./keys/keys.ts";
import { blank, type Editor } from "./typing/editor.ts";
import type { ViewName } from "./view-name.ts";
import { emptyWorld, type World } from "./world.ts";

export const intents = ["", "request", "inform", "ack"] as const;

/** Who has the keys. */
export type Mode =
  | { kind: "browse" }
  | { kind: "write"; editor: Editor; about: Writing; recalled: number }
  | { kind: "filter"; editor: Editor; before: string }
  | { kind: "ask"; asked: Asked; label: string; editor: Editor }
  | { kind: "type"; agent: string; editor: Editor }
  | { kind: "confirm"; lines: readonly string[]; effects: readonly Effect[] }
  /** `at`: so many lines further down. */
  | { kind: "help"; at: number }
  | { kind: "why"; id: number; at: number }
  | { kind: "jobs"; at: number };

/** What one line is asked for. */
export type Asked =
  | { kind: "tag"; agents: readonly string[] }
  | { kind: "name"; agent: string }
  /** `agent`: of that one alone. */
  | { kind: "setting"; key: string; agent: string | undefined }
  /** Of a new group. */
  | { kind: "broker" }
  | { kind: "token" };

/** What the typed text will become. */
export interface Writing {
  replyTo: number | undefined;
  intent: (typeof intents)[number];
  channel: { id: number; name: string } | undefined;
}

/** What is to be done outside: the model asks for it and hears of it by a signal. */
export type Effect =
  | { kind: "quit" }
  | { kind: "suspend" }
  | { kind: "copy"; text: string }
  | { kind: "edit"; path: string; line: number }
  /** Brings an agent's terminal to the front. */
  | { kind: "pane"; agent: string }
  | { kind: "search"; text: string }
  | { kind: "read"; upTo: number }
  /** Paths that begin so, below where we were started. */
  | { kind: "files"; begun: string }
  /** The token of the group, into the clipboard and nowhere else. */
  | { kind: "copy-token" }
  | Run
  | { kind: "start"; job: number }
  /** Answers the question on an agent's terminal, if it is still the one that was shown. */
  | { kind: "answer"; agent: string; isYes: boolean; shown: readonly string[] }
  | { kind: "type"; agent: string; text: string; isForced: boolean };

/** A command of ours. */
export interface Run {
  kind: "run";
  label: string;
  argv: readonly string[];
  /** Until then it can be taken back. */
  delayMs?: number;
  stdin?: string;
  /** What it prints is not shown. */
  isSecret?: true;
}

export interface Job {
  id: number;
  label: string;
  argv: readonly string[];
  stdin: string | undefined;
  isSecret: boolean;
  state: "waiting" | "running" | "done" | "failed" | "taken back";
  /** When it begins, and when it was over. */
  atMs: number;
  output: readonly string[];
}

export const panes = ["screen", "words", "mail", "about", "settings"] as const;
export const groupings = ["need", "tag", "directory"] as const;
export const activityKinds = ["all", "message", "action", "status", "life"] as const;

export interface LaunchForm {
  at: number;
  tool: number;
  count: number;
  tag: Editor;
  directory: Editor;
  terminal: number;
  isHeadless: boolean;
  prompt: Editor;
}

export interface State {
  world: World;
  width: number;
  height: number;
  view: ViewName;
  /** Views to go back to. */
  behind: readonly ViewName[];
  /** The chosen row of each view, by what it is. */
  at: Readonly<Partial<Record<ViewName, string>>>;
  /** Of the list of agents: what was chosen and has gone, and who is chosen instead. */
  lost: { id: string; heir: string } | undefined;
  /** Agents that are meant together. */
  marked: ReadonlySet<string>;
  filter: Readonly<Partial<Record<ViewName, string>>>;
  grouping: (typeof groupings)[number];
  showsStopped: boolean;
  kinds: (typeof activityKinds)[number];
  pane: (typeof panes)[number];
  /** Whose view `agent` is. */
  agent: string;
  mode: Mode;
  jobs: readonly Job[];
  notice: { text: string; tone: "good" | "warn" | "bad"; untilMs: number } | undefined;
  history: readonly string[];
  form: LaunchForm;
  keys: KeyTable;
}

export function firstState(given: {
  nowMs: number;
  width: number;
  height: number;
  view?: ViewName;
  keys?: KeyTable;
}): State {
  return {
    world: emptyWorld(given.nowMs),
    width: given.width,
    height: given.height,
    view: given.view ?? "agents",
    behind: [],
    at: {},
    lost: undefined,
    marked: new Set(),
    filter: {},
    grouping: "need",
    showsStopped: false,
    kinds: "all",
    pane: "screen",
    agent: "",
    mode: { kind: "browse" },
    jobs: [],
    notice: undefined,
    history: [],
    form: {
      at: 0,
      tool: 0,
      count: 1,
      tag: blank,
      directory: blank,
      terminal: 0,
      isHeadless: false,
      prompt: blank,
    },
    keys: given.keys ?? defaultKeys,
  };
}

/** The value behind this one, and behind the last the first. */
export function after<T>(all: readonly T[], one: T): T {
  return all[(all.indexOf(one) + 1) % all.length] ?? one;
}

/** The state after a signal, and what is to be done outside because of it. */
export interface Updated {
  state: State;
  effects: readonly Effect[];
}

export function calm(state: State): Updated {
  return { state, effects: [] };
}

/** Asks before it does: `enter` or `y` goes on, everything else does not. */
export function confirming(state: State, lines: readonly string[], effects: Effect[]): Updated {
  return calm({ ...state, mode: { kind: "confirm", lines, effects } });
}

const shownMs = { good: 3000, warn: 6000, bad: 12_000 } as const;

export function noticed(state: State, text: string, tone: "good" | "warn" | "bad"): State {
  return { ...state, notice: { text, tone, untilMs: state.world.nowMs + shownMs[tone] } };
}
