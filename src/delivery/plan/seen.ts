// What the delivery loop sees, remembers and does: plain data. The decisions in between are pure,
// so a scenario is a list of these values on a made-up clock. All times are milliseconds that never
// jump; ages are relative to the moment of looking.

import type { GateRules } from "../../core/gate.ts";
import type { Status } from "../../core/status.ts";
import type { Rung } from "../../tools/tool.ts";

/** The facts of the tool that decisions need. */
export interface Rules {
  gates: GateRules;
  rungs: readonly Rung[];
  startTimeoutMs: number;
  /** See `ScreenReader.settleMs`. */
  settleMs?: number | undefined;
}

export interface Seen {
  /** Undefined while the database does not answer or has no row for our process. */
  row: SeenRow | undefined;
  mail: { ids: readonly number[]; inFlight: boolean };
  /** What the tool publishes about itself, when it does. */
  live: SeenLive | undefined;
  screen: Glance;
  /** Since the child's last output, the human's last key, and the last submitted input. */
  quietMs: number;
  sinceKey: number;
  sinceSubmit: number;
  /** Since the child was started. */
  runningMs: number;
  /** Per rung of the tool: why it cannot be used now; undefined when it can. */
  unusable: readonly (string | undefined)[];
  /** How the effect of the outstanding push went, once that is known. */
  effect: { failure: string | undefined } | undefined;
}

export interface SeenRow {
  status: Status;
  context: string;
  detail: string;
  ageMs: number;
  cursor: number;
  hasSession: boolean;
  /** The newest event that a hook of this agent has written; 0 before the first. */
  hookMark: number;
  /** Reserved by the launcher; no hook has spoken yet. */
  isPlaceholder: boolean;
}

export interface SeenLive {
  status: "idle" | "busy" | "waiting";
  waitingFor: string;
  /** Since the tool wrote it. */
  ageMs: number;
}

/** One look at the screen through the tool's reader. */
export interface Glance {
  isReady: boolean;
  hasText: boolean;
  /** Trimmed; null when no input box was found. */
  input: string | null;
  hasApproval: boolean;
  hasOverlay: boolean;
  isBusy: boolean | null;
  hasLaunchQuestion: boolean;
  /** The screen says that the session acts without asking. */
  isBypassed: boolean;
}

export interface State {
  launch: "pending" | "blocked" | "ready";
  /** Since when a launch looks ready, without a break. */
  readySince: number | undefined;
  /** First look at which the session was idle, without a break since. */
  idleSince: number | undefined;
  /** A disagreement between the row and what we see, and since when. */
  doubt: { key: string; since: number } | undefined;
  push: Push | undefined;
  rungs: readonly RungMemory[];
  gate: { reason: string; since: number; shown: string | undefined } | undefined;
  /** Text of ours that may still stand in the input box after a failed attempt. */
  leftover: string | undefined;
  /** A turn of ours ran and no hook spoke: nothing is pushed until the mark moves from here. */
  deafAt: number | undefined;
  /** What the database refused: done before anything else is decided. */
  owed: readonly Action[];
}

export interface RungMemory {
  failures: number;
  retryAt: number;
  /** Typing went unanswered too often: not again before a newer message than this comes. */
  pausedFor: number;
}

/** One attempt to bring the agent to its mail, and what it waits for. */
export type Push = NativePush | TypingPush;

interface Attempt {
  rung: number;
  ids: readonly number[];
  /** The instance's cursor when the push began. */
  cursor: number;
  since: number;
  deadline: number;
  /** The session became busy after it: the nudge has arrived. */
  isAccepted: boolean;
  /** `SeenRow.hookMark` when the push began. */
  hookMark: number;
}

/** Carried out at once, past the input box: only its effect is waited for. */
export interface NativePush extends Attempt {
  kind: "native";
}

/** Through the input box, a key at a time. */
export interface TypingPush extends Attempt {
  kind: "typing";
  text: string;
  enterDelayMs: number;
  /** `takeback`: the mail has gone another way, our text should leave the box. */
  phase: "render" | "clear" | "verify" | "takeback";
  typedAt: number;
  enteredAt: number;
  enters: number;
}

export type Action =
  | { kind: "status"; status: Status; context: string; detail: string }
  | { kind: "annotate"; context: string }
  | { kind: "launch"; outcome: "ready" | "blocked"; context: string | undefined }
  /** Carry out a rung that is not typing. */
  | { kind: "push"; rung: number; ids: readonly number[] }
  | { kind: "type"; rung: number; ids: readonly number[]; text: string }
  | { kind: "enter" }
  /** Ours alone stands in the box. */
  | { kind: "erase"; text: string }
  | { kind: "failed"; rung: number; ids: readonly number[]; reason: string };

export function isKeystroke(action: Action): boolean {
  return action.kind === "type" || action.kind === "enter" || action.kind === "erase";
}

export interface Step {
  state: State;
  actions: readonly Action[];
  /** Look again after at most this long. */
  nextMs: number;
}

export function firstState(rungs: number): State {
  return {
    launch: "pending",
    readySince: undefined,
    idleSince: undefined,
    doubt: undefined,
    push: undefined,
    rungs: Array.from({ length: rungs }, () => ({ failures: 0, retryAt: 0, pausedFor: 0 })),
    gate: undefined,
    leftover: undefined,
    deafAt: undefined,
    owed: [],
  };
}
