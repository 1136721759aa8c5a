// Choosing the rung: mail waits, the session is idle, nothing is under way. The first rung that can
// be used and has not just failed is taken; typing only through the gate.
import { gateContext, gateReason, gateTimes } from "../../core/gate.ts";
import { effectMsOf, type Turn } from "./push.ts";
import type { Action, NativePush, Seen, State } from "./seen.ts";
import { startTyping, type TypingRung } from "./typing.ts";

interface Climbed {
  state: State;
  actions: Action[];
}

/** Hooks and registry switch to idle one after the other. */
const idleSettleMs = 200;

export function climb(state: State, turn: Turn): Climbed {
  const { seen, nowMs } = turn;
  if (seen.mail.ids.length === 0 || seen.mail.inFlight || !mayStart(state, turn)) {
    return reopened(state);
  }
  if (state.deafAt !== undefined) return annotated(state, turn, "tui:hooks-silent");
  const isSettled = state.idleSince !== undefined && nowMs - state.idleSince >= idleSettleMs;
  // The hook of what the human has just sent will take the mail along.
  if (isSettled && seen.sinceSubmit >= gateTimes.submitSettleMs) {
    for (const [at, rung] of turn.rules.rungs.entries()) {
      if (!isUsable(state, seen, at, nowMs)) continue;
      if (rung.kind !== "typing") return begin(state, turn, at);
      // A draft in the box leaves the rungs that go past it.
      if (heldBack(state, turn) === undefined) return beginTyping(state, turn, at, rung);
    }
  }
  return annotated(state, turn, heldBack(state, turn) ?? pauseReason(state, seen));
}

/** Readiness that is never recognised must not keep the mail back for ever. */
function mayStart(state: State, turn: Turn): boolean {
  return state.launch === "ready" || turn.seen.runningMs >= turn.rules.startTimeoutMs;
}

function isUsable(state: State, seen: Seen, at: number, nowMs: number): boolean {
  const memory = state.rungs[at];
  if (memory === undefined || seen.unusable[at] !== undefined || nowMs < memory.retryAt)
    return false;
  return Math.max(...seen.mail.ids) > memory.pausedFor;
}

function begin(state: State, turn: Turn, at: number): Climbed {
  const push: NativePush = { ...attemptOf(turn, at), kind: "native" };
  const action: Action = { kind: "push", rung: at, ids: push.ids };
  return withGateOpen({ ...state, push }, [action]);
}

function beginTyping(state: State, turn: Turn, at: number, rung: TypingRung): Climbed {
  const push = startTyping(attemptOf(turn, at), rung, turn.nowMs);
  // What an earlier attempt left in the box is used again.
  const isThere = turn.seen.screen.input === rung.text;
  const type: Action = { kind: "type", rung: at, ids: push.ids, text: isThere ? "" : rung.text };
  return withGateOpen({ ...state, push, leftover: undefined }, [type]);
}

function attemptOf(turn: Turn, at: number): Omit<NativePush, "kind"> {
  return {
    rung: at,
    ids: turn.seen.mail.ids,
    cursor: turn.seen.row?.cursor ?? 0,
    since: turn.nowMs,
    deadline: turn.nowMs + effectMsOf(turn.rules.rungs[at]),
    isAccepted: false,
    hookMark: turn.seen.row?.hookMark ?? 0,
  };
}

function heldBack(state: State, turn: Turn): string | undefined {
  const { seen, rules } = turn;
  const { screen } = seen;
  if (!rules.rungs.some((rung) => rung.kind === "typing")) return undefined;
  const reason = gateReason(rules.gates, {
    isIdle: turn.activity === "idle" || turn.activity === "waiting",
    hasApproval: turn.activity === "waiting" || screen.hasApproval || screen.hasLaunchQuestion,
    hasOverlay: screen.hasOverlay,
    isReady: screen.isReady,
    input: screen.input === state.leftover ? "" : screen.input,
    sinceKey: seen.sinceKey,
    sinceSubmit: seen.sinceSubmit,
  });
  return reason === undefined ? undefined : gateContext(reason);
}

function pauseReason(state: State, seen: Seen): string | undefined {
  const newest = Math.max(...seen.mail.ids);
  const isPaused = state.rungs.some((rung) => rung.pausedFor >= newest);
  return isPaused ? "tui:delivery-paused" : undefined;
}

/** Shown once, when it has lasted, and only while the agent is listening. */
function annotated(state: State, turn: Turn, reason: string | undefined): Climbed {
  if (reason === undefined) return reopened(state);
  const before = state.gate;
  const since = before?.reason === reason ? before.since : turn.nowMs;
  const gate = { reason, since, shown: before?.shown };
  const isDue = turn.nowMs - since >= gateTimes.annotateAfterMs && gate.shown !== reason;
  if (!isDue || turn.seen.row?.status !== "listening") {
    return { state: { ...state, gate }, actions: [] };
  }
  return {
    state: { ...state, gate: { ...gate, shown: reason } },
    actions: [{ kind: "annotate", context: reason }],
  };
}

function reopened(state: State): Climbed {
  return withGateOpen(state, []);
}

function withGateOpen(state: State, actions: Action[]): Climbed {
  const isShown = state.gate?.shown !== undefined;
  const clear: Action[] = isShown ? [{ kind: "annotate", context: "" }] : [];
  return { state: { ...state, gate: undefined }, actions: [...clear, ...actions] };
}
