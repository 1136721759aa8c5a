// Following an outstanding push: has the mail gone, has the nudge arrived, is it time to give up?
import { hooksSilent } from "../../bus/mail/waking/push.ts";
import type { Rung } from "../../tools/tool.ts";
import type { Activity } from "./activity.ts";
import type { Action, Push, Rules, RungMemory, Seen, State, TypingPush } from "./seen.ts";
import { startTakeback, stepTyping } from "./typing.ts";

export interface Turn {
  seen: Seen;
  activity: Activity;
  nowMs: number;
  rules: Rules;
}

interface Followed {
  state: State;
  actions: Action[];
}

/** How long a rung has until something must show: mail gone, cursor moved, or a turn running. */
export function effectMsOf(rung: Rung | undefined): number {
  return rung?.kind === "queue" ? rung.effectMs : effectMs[rung?.kind ?? "typing"];
}

const effectMs = { inbox: 5000, bell: 5000, typing: 10_000 } as const;

/** A turn that ran without taking the mail gets this long for its last hook. */
const turnSettleMs = 2000;

export function followPush(state: State, turn: Turn): Followed {
  const { push } = state;
  if (push === undefined) return { state, actions: [] };
  const { seen, nowMs } = turn;
  const isTakeback = push.kind === "typing" && push.phase === "takeback";
  if (!isTakeback && isMailGone(push, seen)) return mailGone(state, push, turn);
  // Somebody is handing it over at this moment.
  if (seen.mail.inFlight && !isTakeback) return extended(state, push, turn);
  const isOurTurn = push.kind === "native" || push.enters > 0;
  if (isOurTurn && !isTakeback && (turn.activity === "busy" || turn.activity === "waiting")) {
    return { state: { ...state, push: { ...push, isAccepted: true } }, actions: [] };
  }
  if (push.isAccepted) return afterTurn(state, push, turn);
  if (push.kind === "typing") return typed(state, push, turn);
  const failure = seen.effect?.failure;
  if (failure !== undefined) return failed(state, push, failure, nowMs);
  if (nowMs >= push.deadline) return failed(state, push, "no effect in time", nowMs);
  return { state, actions: [] };
}

function isMailGone(push: Push, seen: Seen): boolean {
  if (seen.row === undefined) return false;
  return seen.row.cursor > push.cursor || !push.ids.some((id) => seen.mail.ids.includes(id));
}

function mailGone(state: State, push: Push, turn: Turn): Followed {
  const done: State = {
    ...state,
    push: undefined,
    rungs: state.rungs.map(() => ({ failures: 0, retryAt: 0, pausedFor: 0 })),
  };
  if (push.kind === "native" || turn.seen.screen.input !== push.text) {
    return { state: done, actions: [] };
  }
  return { state: { ...done, push: startTakeback(push, turn.nowMs) }, actions: [] };
}

function extended(state: State, push: Push, turn: Turn): Followed {
  const deadline = Math.max(push.deadline, turn.nowMs + effectMsOf(turn.rules.rungs[push.rung]));
  return { state: { ...state, push: { ...push, deadline } }, actions: [] };
}

function afterTurn(state: State, push: Push, turn: Turn): Followed {
  const { idleSince } = state;
  const { seen } = turn;
  if (idleSince === undefined || turn.nowMs - idleSince < turnSettleMs) {
    return { state, actions: [] };
  }
  if (seen.row?.hookMark !== push.hookMark) {
    return failed(state, push, "the turn ended without taking the mail", turn.nowMs, true);
  }
  const next = failed(state, push, hooksSilent, turn.nowMs, true);
  return { ...next, state: { ...next.state, deafAt: push.hookMark } };
}

function typed(state: State, push: TypingPush, turn: Turn): Followed {
  const step = stepTyping({ ...turn, push, needsIdle: turn.rules.gates.idle });
  if (step.kind === "wait") return { state: { ...state, push: step.push }, actions: step.actions };
  if (step.kind === "done") return { state: { ...state, push: undefined }, actions: step.actions };
  const next = failed(state, push, step.reason, turn.nowMs, step.isUnanswered);
  return { ...next, state: { ...next.state, leftover: step.isLeft ? push.text : undefined } };
}

const backoffMs = { first: 5000, most: 30_000 } as const;
/** Typing that nobody answers this often stops until newer mail comes. */
const unansweredLimit = 3;

function failed(
  state: State,
  push: Push,
  reason: string,
  nowMs: number,
  isUnanswered = false,
): Followed {
  const memory = state.rungs.map((rung, at): RungMemory => {
    if (at !== push.rung) return rung;
    const failures = rung.failures + 1;
    const backoff = Math.min(backoffMs.most, backoffMs.first * 2 ** (failures - 1));
    const isPaused = push.kind === "typing" && isUnanswered && failures >= unansweredLimit;
    const pausedFor = isPaused ? Math.max(...push.ids) : rung.pausedFor;
    return { failures, retryAt: nowMs + backoff, pausedFor };
  });
  return {
    state: { ...state, push: undefined, rungs: memory },
    actions: [{ kind: "failed", rung: push.rung, ids: push.ids, reason }],
  };
}
