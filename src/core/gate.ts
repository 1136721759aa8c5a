// May we type into an agent's terminal now? Pure: the delivery loop asks, the first reason that
// holds it back wins and is shown to whoever asks why mail waits.

/** Which conditions a tool asks for. */
export interface GateRules {
  idle: boolean;
  ready: boolean;
  emptyPrompt: boolean;
  userActive: boolean;
  approval: boolean;
}

export interface GateView {
  isIdle: boolean;
  /** A question to the human is open. */
  hasApproval: boolean;
  /** Something else of the tool has the keyboard. */
  hasOverlay: boolean;
  /** The text that proves the tool has started is on the screen. */
  isReady: boolean;
  /** What stands in the input box; null when no box was found. */
  input: string | null;
  /** Milliseconds since the human's last key, and since the box was last seen to be submitted. */
  sinceKey: number;
  sinceSubmit: number;
}

export type GateReason =
  | "not-idle"
  | "approval"
  | "user-active"
  | "nav-overlay"
  | "submit-settle"
  | "not-ready"
  | "no-input-box"
  | "prompt-has-text";

export const gateTimes = {
  /** After a key of the human. */
  keyCooldownMs: 500,
  /** Between Enter and the hook that says "active", the box looks empty and idle. */
  submitSettleMs: 1500,
  /** A reason is shown only when it lasts. */
  annotateAfterMs: 2000,
} as const;

/** Why not to type now; undefined when the gate is open. */
export function gateReason(rules: GateRules, view: GateView): GateReason | undefined {
  if (rules.idle && !view.isIdle) return "not-idle";
  if (rules.approval && view.hasApproval) return "approval";
  if (rules.userActive && view.sinceKey < gateTimes.keyCooldownMs) return "user-active";
  if (view.hasOverlay) return "nav-overlay";
  if (rules.idle && view.sinceSubmit < gateTimes.submitSettleMs) return "submit-settle";
  if (rules.ready && !view.isReady) return "not-ready";
  if (rules.emptyPrompt && view.input === null) return "no-input-box";
  if (rules.emptyPrompt && view.input !== "") return "prompt-has-text";
  return undefined;
}

/** As written to the status context of the instance. */
export function gateContext(reason: GateReason): string {
  return `tui:${reason}`;
}
