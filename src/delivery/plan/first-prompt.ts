// Typing the first prompt of a launch: once, into a box that is provably empty, before any mail.
// It comes as a paste, so that its line breaks are text, and is sent when the box has taken it.
import { gateTimes } from "../../core/gate.ts";
import type { Seen } from "./seen.ts";

export type FirstPrompt =
  /** `since`: when it could first have begun. */
  | { phase: "waiting"; attempts: number; since: number | undefined }
  | { phase: "pasted"; attempts: number; at: number }
  | { phase: "entered"; attempts: number; at: number; enters: number }
  | { phase: "done" }
  /** It was never seen to be sent. */
  | { phase: "failed"; reason: string };

export interface FirstStep {
  next: FirstPrompt;
  key: "paste" | "enter" | undefined;
}

export const waiting: FirstPrompt = { phase: "waiting", attempts: 0, since: undefined };

/** Without a question to a person and without an empty box for this long, it comes as mail. */
const boxMs = 60_000;
const renderMs = 10_000;
const clearMs = 3000;
const most = { attempts: 3, enters: 4 } as const;

export interface FirstFacts {
  isLaunched: boolean;
  /** Between text and Enter, as the tool's typing wants it. */
  enterDelayMs: number;
  nowMs: number;
}

export function stepFirstPrompt(now: FirstPrompt, seen: Seen, facts: FirstFacts): FirstStep {
  switch (now.phase) {
    case "waiting":
      return mayPaste(seen, facts) ? pasted(now.attempts + 1, facts.nowMs) : wait(now, seen, facts);
    case "pasted":
      return afterPaste(now, seen, facts);
    case "entered":
      return afterEnter(now, seen, facts);
    case "done":
    case "failed":
      return stay(now);
  }
}

export function isUnderWay(first: FirstPrompt | undefined): boolean {
  return first !== undefined && first.phase !== "done" && first.phase !== "failed";
}

function mayPaste(seen: Seen, { isLaunched }: FirstFacts): boolean {
  const { screen } = seen;
  return isLaunched && screen.input === "" && screen.isBusy !== true && !isInTheWay(seen);
}

function wait(
  now: Extract<FirstPrompt, { phase: "waiting" }>,
  { screen }: Seen,
  { nowMs }: FirstFacts,
): FirstStep {
  // Who is asked whether the folder is to be trusted may take all day.
  const since = screen.hasApproval || screen.hasLaunchQuestion ? nowMs : (now.since ?? nowMs);
  if (nowMs - since >= boxMs) return failed("no empty box was seen");
  return stay({ ...now, since });
}

function isInTheWay({ screen, sinceKey }: Seen): boolean {
  const isAsking = screen.hasApproval || screen.hasLaunchQuestion || screen.hasOverlay;
  return isAsking || sinceKey < gateTimes.keyCooldownMs;
}

function afterPaste(
  now: Extract<FirstPrompt, { phase: "pasted" }>,
  seen: Seen,
  { nowMs, enterDelayMs }: FirstFacts,
): FirstStep {
  const ageMs = nowMs - now.at;
  // A person types behind it: it is their draft now.
  if (seen.sinceKey < ageMs) return done;
  if (seen.screen.input) {
    if (ageMs < enterDelayMs || isInTheWay(seen)) return stay(now);
    return { next: { ...now, phase: "entered", at: nowMs, enters: 1 }, key: "enter" };
  }
  if (ageMs < renderMs) return stay(now);
  if (now.attempts >= most.attempts) return failed("the box does not take it");
  return stay({ phase: "waiting", attempts: now.attempts, since: nowMs });
}

function afterEnter(
  now: Extract<FirstPrompt, { phase: "entered" }>,
  seen: Seen,
  { nowMs }: FirstFacts,
): FirstStep {
  if (!seen.screen.input || seen.screen.isBusy === true) return done;
  const ageMs = nowMs - now.at;
  if (seen.sinceKey < ageMs) return done;
  if (ageMs < clearMs || isInTheWay(seen)) return stay(now);
  if (now.enters >= most.enters) return failed("Enter has no effect");
  return { next: { ...now, at: nowMs, enters: now.enters + 1 }, key: "enter" };
}

const done: FirstStep = { next: { phase: "done" }, key: undefined };

function pasted(attempts: number, at: number): FirstStep {
  return { next: { phase: "pasted", attempts, at }, key: "paste" };
}

function failed(reason: string): FirstStep {
  return { next: { phase: "failed", reason }, key: undefined };
}

function stay(next: FirstPrompt): FirstStep {
  return { next, key: undefined };
}
