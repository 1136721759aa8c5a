// A transcript as exchanges: each begins where somebody speaks to the agent and ends before the
// next one does. Entries are taken in one by one, and only what was asked for is kept.
import { isNudge } from "../mail/envelope.ts";
import { exitCode, Refusal } from "../refusal.ts";
import type { Does, TranscriptEntry } from "./entry.ts";
import { added, negative, noUsage, type Usage } from "./usage.ts";

export interface Exchange {
  /** Counted from 1 over the whole transcript. */
  position: number;
  user: string;
  timestamp: string;
  texts: string[];
  actions: Action[];
  failures: string[];
  /** Undefined where the program noted none. */
  usage: Usage | undefined;
  /** Was a failure the last thing that happened? */
  isEndedByError: boolean;
}

export interface Action extends Does {
  output?: string;
  isError: boolean;
}

/** Which exchanges: the last ones, or from one position to another. */
export type Span = { last: number } | { from: number; to: number };

export interface Reading {
  span: Span;
  /** How many exchanges there were so far. */
  total: number;
  kept: Exchange[];
  current: Exchange | undefined;
  /** Actions whose result may still come. */
  open: Map<string, { action: Action; of: Exchange }>;
  /** Of all that was read. */
  spent: Spent;
  /** Lines and parts that nobody can read: cut off, or damaged. */
  unreadable: number;
}

export interface Spent {
  usage: Usage;
  requests: number;
  models: Set<string>;
  /** The latest requests: what is told of one again takes the place of what was. */
  latest: Map<string, Usage>;
}

export function newReading(span: Span): Reading {
  const none = { total: 0, kept: [], current: undefined, unreadable: 0 };
  return { span, ...none, open: new Map(), spent: newSpent() };
}

function newSpent(): Spent {
  return { usage: noUsage, requests: 0, models: new Set(), latest: new Map() };
}

/** What comes before the first prompt is an exchange that nobody began: its prompt is empty. */
export function takeEntry(reading: Reading, entry: TranscriptEntry): void {
  if (reading.current === undefined && isOwnAct(entry)) begin(reading, "", "");
  const { current } = reading;
  if (entry.kind === "prompt") begin(reading, entry.text, entry.timestamp);
  else if (entry.kind === "result") takeResult(reading, entry);
  else if (entry.kind === "mail") takeMail(reading, entry);
  else if (entry.kind === "usage") takeUsage(reading, entry);
  else if (current !== undefined) {
    if (entry.kind === "text") current.texts.push(entry.text);
    else if (entry.kind === "failure") current.failures.push(entry.text);
    else act(reading, current, entry.id, entry.does);
    current.isEndedByError = entry.kind === "failure";
  }
}

function isOwnAct({ kind }: TranscriptEntry): boolean {
  return kind === "text" || kind === "action" || kind === "failure";
}

/** Nothing came after the prompt: no word and no action. */
export function isUnanswered({ texts, actions, failures }: Exchange): boolean {
  return texts.length + actions.length + failures.length === 0;
}

/** `3`, `2-5`, or `7-` for all from there on. */
export function parseSpan(text: string): Span {
  const [, first = "", last = first] = /^(\d{1,9})(?:-(\d{0,9}))?$/.exec(text.trim()) ?? [];
  const [from, to] = [Number(first), last === "" ? Number.MAX_SAFE_INTEGER : Number(last)];
  if (first === "") throw badSpan(text, "write one position, like 3, or two, like 2-5 or 7-");
  if (from === 0) throw badSpan(text, "the first exchange has the position 1");
  if (from > to) throw badSpan(text, "the start must not be behind the end");
  return { from, to };
}

function badSpan(text: string, reason: string): Refusal {
  return new Refusal({
    code: "invalid_range",
    exit: exitCode.usage,
    message: `invalid range "${text}": ${reason}`,
  });
}

function begin(reading: Reading, user: string, timestamp: string): void {
  const position = ++reading.total;
  const lists = { texts: [], actions: [], failures: [] };
  const exchange: Exchange = {
    ...{ position, user, timestamp, ...lists },
    ...{ usage: undefined, isEndedByError: false },
  };
  reading.current = exchange;
  const { span, kept } = reading;
  if ("last" in span) {
    kept.push(exchange);
    if (kept.length > span.last) kept.shift();
  } else if (position >= span.from && position <= span.to) kept.push(exchange);
}

/** A nudge carries no words: the mail that it was for takes its place. */
function takeMail(reading: Reading, mail: { text: string; timestamp: string; isTurnEnd: boolean }) {
  const { current } = reading;
  if (mail.isTurnEnd) begin(reading, mail.text, mail.timestamp);
  else if (current !== undefined && isNudge(current.user)) current.user = mail.text;
}

/** Lines of one request stand close together. */
const mostLatest = 20;

function takeUsage(
  { spent, current }: Reading,
  { id, usage, model }: { id: string; usage: Usage; model: string | undefined },
): void {
  const before = spent.latest.get(id);
  const more = before === undefined ? usage : added(usage, negative(before));
  spent.usage = added(spent.usage, more);
  if (current !== undefined) current.usage = added(current.usage ?? noUsage, more);
  if (before === undefined) spent.requests++;
  if (model !== undefined) spent.models.add(model);
  spent.latest.delete(id);
  spent.latest.set(id, usage);
  for (const oldest of spent.latest.keys()) {
    if (spent.latest.size > mostLatest) spent.latest.delete(oldest);
  }
}

/** Results that never come must not pile up. */
const mostOpen = 1000;

function act(reading: Reading, of: Exchange, id: string, does: Does): void {
  const action: Action = { ...does, isError: false };
  of.actions.push(action);
  reading.open.set(id, { action, of });
  if (reading.open.size <= mostOpen) return;
  for (const [oldest] of reading.open) {
    reading.open.delete(oldest);
    break;
  }
}

function takeResult(
  reading: Reading,
  result: { id: string; output: string; isError: boolean | undefined },
): void {
  const open = reading.open.get(result.id);
  if (open === undefined) return;
  reading.open.delete(result.id);
  const { action, of } = open;
  action.isError = result.isError ?? looksLikeError(action.name, result.output);
  action.output = result.output.slice(0, mostOutput).trimEnd();
  of.isEndedByError = action.isError;
}

/** More than this of an output is never shown. */
const mostOutput = 2000;

/** These show what stands somewhere else: an error in it is not theirs. */
const shows: ReadonlySet<string> = new Set(["Read", "Grep", "Glob", "WebFetch", "Skill"]);

const complaint = new RegExp(
  [
    String.raw`^\s*(?:[\w./-]+: )*(?:error|fatal|failed|failure|panic|exception)\b`,
    String.raw`error: |traceback \(most recent|permission denied|command not found|no such file`,
  ].join("|"),
  "im",
);

/** Where a program does not say how an action ended, its words may. */
function looksLikeError(name: string, output: string): boolean {
  return !shows.has(name) && complaint.test(output.slice(0, mostOutput));
}
