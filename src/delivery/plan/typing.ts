// Typing the nudge into the terminal, the last rung: text, then Enter, each only while the input
// box provably holds our text and nothing else. The human's draft is never sent, changed or lost.
import { gateTimes } from "../../core/gate.ts";
import type { Rung } from "../../tools/tool.ts";
import type { Activity } from "./activity.ts";
import type { Action, NativePush, Push, Seen, State, TypingPush } from "./seen.ts";

const renderMs = 10_000;
const verifyMs = 10_000;
/** Text that Enter did not clear after this long is sent again. */
const clearMs = 2000;
const enterBackoffMs = [400, 800, 1600] as const;
const takebackMs = 30_000;

export type TypingRung = Extract<Rung, { kind: "typing" }>;

/** One look at a push that types. */
export interface TypingTurn {
  push: TypingPush;
  seen: Seen;
  activity: Activity;
  /** Does the tool want an idle session before it is typed to? */
  needsIdle: boolean;
  nowMs: number;
}

export type TypingStep =
  | { kind: "wait"; push: TypingPush; actions: Action[] }
  /** `isLeft`: our text may still stand in the box. */
  | { kind: "failed"; reason: string; isLeft: boolean; isUnanswered: boolean }
  | { kind: "done"; actions: Action[] };

export function startTyping(
  attempt: Omit<NativePush, "kind">,
  { text, enterDelayMs }: TypingRung,
  nowMs: number,
): TypingPush {
  return {
    ...attempt,
    ...{ kind: "typing", text, enterDelayMs, deadline: nowMs + renderMs },
    ...{ phase: "render", typedAt: nowMs, enteredAt: 0, enters: 0 },
  };
}

/** The mail has gone another way while our text stood in the box. */
export function startTakeback(push: TypingPush, nowMs: number): TypingPush {
  return { ...push, deadline: nowMs + takebackMs, phase: "takeback" };
}

export function stepTyping(turn: TypingTurn): TypingStep {
  const { push, nowMs } = turn;
  switch (push.phase) {
    case "render":
      return rendering(turn);
    case "clear":
      return clearing(turn);
    case "verify":
      return nowMs < push.deadline ? wait(push) : failed("nobody took it", false, true);
    case "takeback":
      return takingBack(turn);
  }
}

/** A person types: the text of ours in the box goes before their key does, and counts as gone. */
export function giveWay(
  state: State,
  input: string | null,
  nowMs: number,
): { state: State; erase: number; isSending: boolean } {
  const erase = oursInBox(state, input, nowMs);
  if (erase > 0) {
    const push = state.push?.kind === "typing" ? undefined : state.push;
    return { state: { ...state, push, leftover: undefined }, erase, isSending: false };
  }
  return { state, erase, isSending: isEnterOnItsWay(state.push, nowMs) };
}

/** How many characters of ours stand there, or are on their way, with no Enter behind them. */
function oursInBox({ push, leftover }: State, input: string | null, nowMs: number): number {
  if (push?.kind !== "typing") return input === leftover ? (leftover?.length ?? 0) : 0;
  if (isEnterOnItsWay(push, nowMs) || push.phase === "verify") return 0;
  return input === push.text || push.phase === "render" ? push.text.length : 0;
}

/** Enter that has had no effect for this long has been lost. */
const enterLostMs = 500;

function isEnterOnItsWay(push: Push | undefined, nowMs: number): boolean {
  if (push?.kind !== "typing" || push.phase === "verify") return false;
  return push.enters > 0 && nowMs - push.enteredAt < enterLostMs;
}

function rendering(turn: TypingTurn): TypingStep {
  const { push, seen, nowMs } = turn;
  const { input } = seen.screen;
  if (input === push.text) {
    if (mayNotTouch(turn)) return wait({ ...push, deadline: nowMs + renderMs });
    if (nowMs - push.typedAt < push.enterDelayMs) return wait(push);
    return enter(push, nowMs);
  }
  if (input?.includes(push.text)) return failed("a draft joined it", false, false);
  return nowMs < push.deadline ? wait(push) : failed("the text did not appear", true, false);
}

function clearing(turn: TypingTurn): TypingStep {
  const { push, seen, nowMs } = turn;
  const { input } = seen.screen;
  if (input !== push.text) {
    if (input?.includes(push.text)) return failed("a draft joined it", false, false);
    // Empty, not to be found for a moment, or the human's next draft: it was sent.
    return wait({ ...push, deadline: nowMs + verifyMs, phase: "verify" });
  }
  const backoff = enterBackoffMs[push.enters - 1];
  if (nowMs - push.enteredAt < clearMs + (backoff ?? 0)) return wait(push);
  if (backoff === undefined) return failed("Enter had no effect", true, true);
  return mayNotTouch(turn) ? wait(push) : enter(push, nowMs);
}

function takingBack(turn: TypingTurn): TypingStep {
  const { push, seen, nowMs } = turn;
  if (seen.screen.input !== push.text || nowMs >= push.deadline) {
    return { kind: "done", actions: [] };
  }
  const isBeingSent = push.enters > 0 && nowMs - push.enteredAt < clearMs;
  if (isBeingSent || mayNotTouch(turn)) return wait(push);
  return { kind: "done", actions: [{ kind: "erase", text: push.text }] };
}

/** The conditions that can arise between the text and its Enter. */
function mayNotTouch({ seen, activity, needsIdle }: TypingTurn): boolean {
  const { hasApproval, hasOverlay, hasLaunchQuestion } = seen.screen;
  if (hasApproval || hasOverlay || hasLaunchQuestion || activity === "waiting") return true;
  if (seen.sinceKey < gateTimes.keyCooldownMs) return true;
  return needsIdle && activity !== "idle";
}

function enter(push: TypingPush, nowMs: number): TypingStep {
  const next = { ...push, phase: "clear", enteredAt: nowMs, enters: push.enters + 1 } as const;
  return { kind: "wait", push: next, actions: [{ kind: "enter" }] };
}

function wait(push: TypingPush): TypingStep {
  return { kind: "wait", push, actions: [] };
}

function failed(reason: string, isLeft: boolean, isUnanswered: boolean): TypingStep {
  return { kind: "failed", reason, isLeft, isUnanswered };
}
