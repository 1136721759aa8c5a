// An event of the log as a row for people: when, who, and what happened in a few words.

import type { EventRow, MessageEvent } from "../core/event.ts";
import { endWords, hadProgram } from "../core/events/end-words.ts";
import { asObject, asText, asTexts, parseJson } from "../core/json.ts";
import { holdOfStatus } from "../core/mail/hold.ts";
import { adHoc } from "../core/names/ad-hoc.ts";
import { describeStatus, type Status, statuses, statusOnScreen } from "../core/status.ts";
import { heldBy, statusTone } from "./agent-row.ts";
import { type Part, style, type Tone, textOf } from "./style.ts";
import type { Cell, Column } from "./table.ts";
import { clock } from "./when.ts";

/** Number, time, who, what. */
export const eventColumns: readonly Column[] = [
  { align: "right" },
  {},
  { least: 12 },
  { least: 20 },
];

export interface EventView {
  nowMs: number;
  /** Display name of a base name. */
  shown(base: string): string;
  /** Whoever reads it is the person: what a shell has done is "by you". */
  isForPerson?: boolean;
}

export function eventRow(event: EventRow, view: EventView): Cell[] {
  const data = asObject(parseJson(event.data));
  const { who, what } = sayingOf(event, data, view);
  const time = clock(Date.parse(event.timestamp), view.nowMs);
  return [style.faint(`#${event.id}`), style.faint(time), who, what];
}

interface Saying {
  who: Part[];
  what: Part[];
}

function sayingOf(event: EventRow, data: Record<string, unknown>, view: EventView): Saying {
  if (event.type === "message") return messageOf(data, view);
  const who = [style.name(view.shown(event.instance))];
  if (event.type === "status") return { who, what: statusOf(data) };
  if (event.type === "life") return { who, what: lifeOf(event, data, view) };
  if (event.type === "bundle")
    return { who: [style.name(authorOf(data, event, view))], what: bundleOf(data) };
  return { who, what: [style.faint(event.type)] };
}

function messageOf(data: Record<string, unknown>, view: EventView): Saying {
  const marks = marksOf(data);
  const written = asText(data["text"]) ?? "";
  const text = data["sender_kind"] === "system" ? noticeOf(written) : written;
  return { who: whoOf(data, view), what: marks === undefined ? [text] : [marks, " ", text] };
}

/** Its reader and the order behind it stand for programs: what happened comes first. */
function noticeOf(text: string): string {
  return text.replace(/^@[\w-]+ /, "").replace(/^\[sub:[^\]]*\] (\| )?/, "");
}

/** Above a message that stands by itself: what it has in front of it in the log. */
export function messageHead({ id, timestamp, data: told }: MessageEvent, view: EventView): Part[] {
  const data: Record<string, unknown> = { ...told };
  const marks = marksOf(data);
  const time = clock(Date.parse(timestamp), view.nowMs);
  return [
    ...[style.strong(`#${id}`), style.faint(`  ${time}  `), ...whoOf(data, view)],
    ...(marks === undefined ? [] : ["  ", marks]),
  ];
}

function whoOf(data: Record<string, unknown>, view: EventView): Part[] {
  const isOurs = data["sender_kind"] === "system";
  const from = isOurs ? "hcom" : view.shown(asText(data["from"]) ?? "");
  return [style.name(from), style.faint(" → "), audienceOf(data, view)];
}

/** What it expects, and what it belongs to. */
function marksOf(data: Record<string, unknown>): Part | undefined {
  const intent = asText(data["intent"]);
  const thread = asText(data["thread"]);
  const marks = [intent, thread === undefined ? undefined : `thread ${thread}`].filter(Boolean);
  if (marks.length === 0) return undefined;
  return style[intent === "request" ? "warn" : "faint"](`[${marks.join(", ")}]`);
}

/** The row's name of somebody from outside is `ext_` and the name. */
function authorOf(data: Record<string, unknown>, event: EventRow, view: EventView): string {
  return view.shown(asText(data["created_by"]) ?? event.instance);
}

function bundleOf(data: Record<string, unknown>): Part[] {
  const id = asText(data["bundle_id"]) ?? "";
  return [style.faint(`[${id}] `), asText(data["title"]) ?? ""];
}

/** Below rows of which some are cut: where a message stands whole. */
export function wholeMessage(
  events: readonly EventRow[],
  lines: readonly (readonly Part[])[],
): Part[] | undefined {
  const cut = events.filter(({ type }, at) => {
    return type === "message" && textOf(lines[at]?.at(-1) ?? "").endsWith("…");
  });
  if (cut.length === 0) return undefined;
  return [style.faint(`A message whole: hcom read ${cut.length === 1 ? cut[0]?.id : "ID"}`)];
}

const mostNames = 3;

function audienceOf(data: Record<string, unknown>, view: EventView): string {
  const channel = asText(asObject(data["channel"])["name"]);
  if (channel !== undefined) return `channel ${channel}`;
  if (data["scope"] === "broadcast") return "everybody";
  const names = asTexts(data["mentions"] ?? data["delivered_to"]).map(view.shown);
  if (names.length === 0) return "nobody";
  const more = names.length > mostNames ? ` +${names.length - mostNames}` : "";
  return `${names.slice(0, mostNames).join(", ")}${more}`;
}

function statusOf(data: Record<string, unknown>): Part[] {
  const written = asText(data["status"]) ?? "";
  const status = statuses.find((one) => one === written);
  if (status === undefined) return [written];
  const context = asText(data["context"]) ?? "";
  const detail = asText(data["detail"]) ?? "";
  const row = { name: "", tag: null, directory: null, launch_context: "", isPlaceholder: false };
  const seen = { ...row, status, status_context: context, status_detail: detail };
  const held = heldBy(holdOfStatus(seen));
  if (held !== undefined) return [style[status === "blocked" ? "bad" : "warn"](held)];
  // What a name without a program does is known by its commands alone: it is idle again.
  const ranCommand = status === "inactive" && context.startsWith("tool:");
  const words = describeStatus(status, context, ranCommand ? adHoc : "");
  const told: Part[] = [style[statusTone(status)](statusOnScreen(words, detail))];
  if (detail !== "") told.push(style.faint(` ${detail}`));
  return told;
}

const lifeWords: Readonly<Record<string, readonly [words: string, status: Status]>> = {
  created: ["was created", "launching"],
  started: ["joined", "listening"],
  ready: ["is ready", "listening"],
  stopped: ["stopped", "stopped"],
  batch_launched: ["launched", "launching"],
  launch_failed: ["could not be launched", "error"],
  launch_blocked: ["asks its person before it can start", "blocked"],
  reset: ["began a new log", "stopped"],
};

function lifeOf(event: EventRow, data: Record<string, unknown>, view: EventView): Part[] {
  const action = asText(data["action"]) ?? "";
  const [words, status] = lifeWords[action] ?? [action, "stopped" as const];
  const tone: Tone = statusTone(status);
  const by = asText(data["by"]);
  if (action === "stopped") {
    const why = { reason: asText(data["reason"]) ?? "", had_program: hadProgram(data) };
    return [style[tone](endWords({ name: event.instance, by: by ?? "", ...why }))];
  }
  const reason = asText(data["reason"]);
  const isOwn = by === undefined || by === "self" || by === event.instance;
  const why = [reason, isOwn ? undefined : `by ${doerOf(by, view)}`].filter(Boolean).join(", ");
  return why === "" ? [style[tone](words)] : [style[tone](words), style.faint(` (${why})`)];
}

function doerOf(by: string, { isForPerson = false, shown }: EventView): string {
  if (by !== "user") return shown(by);
  return isForPerson ? "you" : "a person";
}
