// Statuses of an instance: what is stored, how each one is shown, and what it says in words.
import { isAdHoc } from "./names/ad-hoc.ts";

export const statuses = [
  "active",
  "listening",
  "blocked",
  "error",
  "launching",
  "inactive",
  "stopped",
  "pending",
] as const;
export type Status = (typeof statuses)[number];

const icons: Record<Status, string> = {
  active: "▶",
  listening: "◉",
  blocked: "■",
  error: "✗",
  launching: "◎",
  inactive: "○",
  stopped: "⊘",
  pending: "◎",
};

export function statusIcon(status: Status): string {
  return icons[status];
}

/** Detail of an agent that waits inside `hcom listen`: idle to the eye, but inside a command. */
export const listenDetail = "cmd:listen";

/** Detail of a reservation whose launch was found to have failed. */
export const launchFailedDetail = "launch failed";

export function isIdle(state: { status: Status; status_detail: string }): boolean {
  return state.status === "listening" && state.status_detail !== listenDetail;
}

const listeningWords: Record<string, string> = {
  "tui:not-ready": "listening: blocked",
  "tui:not-idle": "waiting for idle",
  "tui:user-active": "user typing",
  "tui:output-unstable": "output streaming",
  "tui:prompt-has-text": "uncommitted text",
  suspended: "listening: suspended",
};

/** One phrase for lists: what the agent is doing. */
export function describeStatus(status: Status, context: string, tool: string): string {
  if (status === "active") return describeActive(context);
  if (status === "listening") return describeListening(context);
  if (status === "blocked") return describeBlocked(context);
  if (status === "launching") return "launching";
  if (status !== "inactive") return context === "" ? status : `${status}: ${context}`;
  const words = describeInactive(context);
  return isAdHoc({ tool }) ? words.replace(/^inactive: /, "") : words;
}

/** What people read for it on every screen; JSON, filters and scripts have the stored words. */
export const statusWords: Readonly<Record<Status, string>> = {
  active: "in a turn",
  listening: "idle",
  blocked: "asking",
  error: "failed",
  launching: "starting",
  inactive: "no program seen",
  stopped: "stopped",
  pending: "starting",
};

/** The same for people, with what was said or is done behind it: `prompted: run the tests`. */
export function statusOnScreen(words: string, detail = ""): string {
  const prompted = detail === "" ? "prompted" : "prompted:";
  const told = words
    .replace(/^active: msg/, "mail")
    .replace(/^(?:\w+: )?deliver:/, "mail from ")
    .replace(/^(mail from .+) \+(\d+)$/, "$1 (+$2)")
    .replace(/^active: prompt$/, prompted)
    .replace(/^inactive: stale$/, "inactive")
    .replace(/^inactive: (?=.)/, "");
  const status = statuses.find((one) => told === one || told.startsWith(`${one}: `));
  return status === undefined ? told : `${statusWords[status]}${told.slice(status.length)}`;
}

function describeActive(context: string): string {
  const [kind, rest] = splitContext(context);
  if (context === "") return "active";
  if (kind === "deliver") return `active: msg from ${rest}`;
  if (kind === "tool") return `active: ${rest}`;
  if (kind === "approved" || kind === "denied") return `active: ${kind} ${rest}`.trimEnd();
  if (kind === "tool_failed") return `active: ${rest} failed`;
  return context === "resuming" ? "resuming..." : `active: ${context}`;
}

function describeListening(context: string): string {
  const known = listeningWords[context];
  if (known !== undefined) return known;
  if (context.startsWith("failure:")) return `listening: last turn failed (${context.slice(8)})`;
  if (context.startsWith("tui:")) return `listening: ${context.slice(4).replaceAll("-", " ")}`;
  return "listening";
}

function describeBlocked(context: string): string {
  if (context === "") return "blocked: permission needed";
  if (context === "approval" || context === "pty:approval") return "blocked: approval pending";
  if (context === "launch_blocked") return "blocked: its launch waits for a person";
  return `blocked: ${inWords(context)}`;
}

function describeInactive(context: string): string {
  const [kind, rest] = splitContext(context);
  if (context === "") return "inactive";
  if (kind === "stale") return "inactive: stale";
  if (kind === "exit") return `inactive: ${rest}`;
  if (kind === "tool" && rest !== "") return `inactive: ran hcom ${rest}`;
  if (context === "subagent:dormant") return "inactive: dormant subagent";
  return `inactive: ${inWords(context)}`;
}

/** Contexts of other programs and later versions: names for machines say little to people. */
function inWords(context: string): string {
  return context.replaceAll("_", " ");
}

function splitContext(context: string): [string, string] {
  const at = context.indexOf(":");
  return at < 0 ? [context, ""] : [context.slice(0, at), context.slice(at + 1)];
}

const briefLength = 2000;

/**
 * A long command, for where it is only shown: its beginning, and how long it is. Whole it stands in
 * one place, the event of its action.
 */
export function briefDetail(detail: string): string {
  if (detail.length <= briefLength) return detail;
  const isSplit = /[\uD800-\uDBFF]/.test(detail[briefLength - 1] ?? "");
  const beginning = detail.slice(0, isSplit ? briefLength - 1 : briefLength);
  return `${beginning}... (${detail.length} characters)`;
}
