// Typing the nudge into the terminal, the last rung: text, then Enter, each only while the input
// box provably holds our text and nothing else. The human's draft is never sent, changed or lost.
import { gateTimes } from "../../core/gate.ts";
import type { Activity } from "./activity.ts";
import type { Action, Push, Rules, Seen, State, Typing } from "./seen.ts";

const renderMs = 10_000;
const verifyMs = 10_000;
/** Text that Enter did not clear after this long is sent again. */
const clearMs = 2000;
const enterBackoffMs = [400, 800, 1600] as const;
const takebackMs = 30_000;

export interface TypingFacts {
  text: string;
  enterDelayMs: number;
  activity: Activity;
  /** Does the tool want an idle session before it is typed to? */
  needsIdle: boolean;
}

export type TypingStep =
  | { kind: "wait"; push: Push; actions: Action[] }
  /** `isLeft`: our text may still stand in the box. */
  | { kind: "failed"; reason: string; isLeft: boolean; isUnanswered: boolean }
  | { kind: "done"; actions: Action[] };

export function startTyping(push: Push, nowMs: number): Push {
  const typing: Typing = { phase: "render", typedAt: nowMs, enteredAt: 0, enters: 0 };
  return { ...push, deadline: nowMs + renderMs, typing };
}

/** The mail has gone another way while our text stood in the box. */
export function startTakeback(push: Push, typing: Typing, nowMs: number): Push {
  return { ...push, deadline: nowMs + takebackMs, typing: { ...typing, phase: "takeback" } };
}

export function stepTyping(push: Push, seen: Seen, facts: TypingFacts, nowMs: number): TypingStep {
  const { typing } = push;
  if (typing === undefined) return { kind: "done", actions: [] };
  switch (typing.phase) {
    case "render":
      return rendering(push, typing, seen, facts, nowMs);
    case "clear":
      return clearing(push, typing, seen, facts, nowMs);
    case "verify":
      return nowMs < push.deadline ? wait(push) : failed("nobody took it", false, true);
    case "takeback":
      return takingBack(push, typing, seen, facts, nowMs);
  }
}

/** Enter that has had no effect for this long has been lost. */
const enterLostMs = 500;

/**
 * How many characters of ours stand in the input box, or are on their way there, with no Enter on
 * its way behind them: what must go before a key of the person may come.
 */
export function oursInBox(state: State, rules: Rules, input: string | null, nowMs: number): number {
  const text = rules.rungs.find((rung) => rung.kind === "typing")?.text ?? "";
  const isShown = input === text;
  const typing = state.push?.typing;
  if (typing === undefined) return state.hasLeftover && isShown ? text.length : 0;
  if (isEnterOnItsWay(typing, nowMs) || typing.phase === "verify") return 0;
  return isShown || typing.phase === "render" ? text.length : 0;
}

export function isEnterOnItsWay(typing: Typing | undefined, nowMs: number): boolean {
  if (typing === undefined || typing.phase === "verify") return false;
  return typing.enters > 0 && nowMs - typing.enteredAt < enterLostMs;
}

function rendering(
  push: Push,
  typing: Typing,
  seen: Seen,
  facts: TypingFacts,
  nowMs: number,
): TypingStep {
  const { input } = seen.screen;
  if (input === facts.text) {
    if (mayNotTouch(seen, facts)) return wait({ ...push, deadline: nowMs + renderMs });
    if (nowMs - typing.typedAt < facts.enterDelayMs) return wait(push);
    return enter(push, typing, nowMs);
  }
  if (input?.includes(facts.text)) return failed("a draft joined it", false, false);
  return nowMs < push.deadline ? wait(push) : failed("the text did not appear", true, false);
}

function clearing(
  push: Push,
  typing: Typing,
  seen: Seen,
  facts: TypingFacts,
  nowMs: number,
): TypingStep {
  const { input } = seen.screen;
  if (input !== facts.text) {
    if (input?.includes(facts.text)) return failed("a draft joined it", false, false);
    // Empty, not to be found for a moment, or the human's next draft: it was sent.
    const next: Typing = { ...typing, phase: "verify" };
    return wait({ ...push, deadline: nowMs + verifyMs, typing: next });
  }
  const backoff = enterBackoffMs[typing.enters - 1];
  if (nowMs - typing.enteredAt < clearMs + (backoff ?? 0)) return wait(push);
  if (backoff === undefined) return failed("Enter had no effect", true, true);
  return mayNotTouch(seen, facts) ? wait(push) : enter(push, typing, nowMs);
}

function takingBack(
  push: Push,
  typing: Typing,
  seen: Seen,
  facts: TypingFacts,
  nowMs: number,
): TypingStep {
  if (seen.screen.input !== facts.text || nowMs >= push.deadline) {
    return { kind: "done", actions: [] };
  }
  const isBeingSent = typing.enters > 0 && nowMs - typing.enteredAt < clearMs;
  if (isBeingSent || mayNotTouch(seen, facts)) return wait(push);
  return { kind: "done", actions: [{ kind: "erase", count: facts.text.length }] };
}

/** The conditions that can arise between the text and its Enter. */
function mayNotTouch(seen: Seen, facts: TypingFacts): boolean {
  const { hasApproval, hasOverlay, hasLaunchQuestion } = seen.screen;
  if (hasApproval || hasOverlay || hasLaunchQuestion || facts.activity === "waiting") return true;
  if (seen.sinceKey < gateTimes.keyCooldownMs) return true;
  return facts.needsIdle && facts.activity !== "idle";
}

function enter(push: Push, typing: Typing, nowMs: number): TypingStep {
  const next: Typing = { ...typing, phase: "clear", enteredAt: nowMs, enters: typing.enters + 1 };
  return { kind: "wait", push: { ...push, typing: next }, actions: [{ kind: "enter" }] };
}

function wait(push: Push): TypingStep {
  return { kind: "wait", push, actions: [] };
}

function failed(reason: string, isLeft: boolean, isUnanswered: boolean): TypingStep {
  return { kind: "failed", reason, isLeft, isUnanswered };
}
