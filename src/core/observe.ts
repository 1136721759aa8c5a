// What a hook's fact means for the status of its instance. Pure: the verb of the same name writes.
import type { Fact } from "./fact.ts";
import { unreachable } from "./refusal.ts";
import type { Status } from "./status.ts";

export interface StatusChange {
  status: Status;
  context: string;
  detail: string;
  actionName?: string;
  useId?: string;
}

/** The new status, or undefined when the fact says nothing about it. */
export function statusOf(fact: Fact, current: { status: Status }): StatusChange | undefined {
  switch (fact.kind) {
    case "session-start":
      return fact.source === "compact" ? undefined : listening("start");
    case "prompt":
      return active("prompt", fact.isSynthetic || fact.isNudge ? "" : fact.text.slice(0, 200));
    case "action-start":
      return { ...active(`tool:${fact.action}`, fact.detail), ...ofAction(fact) };
    case "action-end":
      if (current.status !== "blocked") return undefined;
      return { ...active(`approved:${fact.action}`, fact.detail), ...ofAction(fact) };
    case "action-failed":
      return { ...active(`tool_failed:${fact.action}`, fact.detail), ...ofAction(fact) };
    case "batch-end":
      return current.status === "blocked" ? active("approved", "") : undefined;
    case "approval-open":
      return { status: "blocked", context: "approval", detail: fact.detail };
    case "approval-denied":
      return { status: "blocked", context: `denied:${fact.action}`, detail: fact.detail };
    case "question-open":
      return { status: "blocked", context: "elicitation_dialog", detail: "" };
    case "idle-notice":
    case "turn-end":
    case "turn-interrupted":
      return listening("");
    case "turn-failed":
      return { status: "listening", context: `failure:${fact.error}`, detail: fact.detail };
    case "bell":
    case "subagent-start":
    case "subagent-end":
    case "session-end":
    case "nothing":
      return undefined;
    default:
      return unreachable(fact);
  }
}

/** May mail be handed over in the answer to this fact? */
export function canCarryMail(fact: Fact): boolean {
  switch (fact.kind) {
    case "prompt":
    case "action-end":
    case "batch-end":
    case "turn-end":
    case "bell":
    case "subagent-end":
      return true;
    default:
      return false;
  }
}

function active(context: string, detail: string): StatusChange {
  return { status: "active", context, detail };
}

function listening(context: string): StatusChange {
  return { status: "listening", context, detail: "" };
}

function ofAction(fact: { action: string; useId?: string }): Partial<StatusChange> {
  return fact.useId === undefined
    ? { actionName: fact.action }
    : { actionName: fact.action, useId: fact.useId };
}
