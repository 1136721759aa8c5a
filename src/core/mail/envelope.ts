// Messages as a model reads them: the frame around a delivery, and how a delivery or a nudge is
// recognised again in what reached a model. Nothing here decides who gets what.

import type { MessageEvent } from "../event.ts";
import { fullName } from "../names/address.ts";
import { spelledOut } from "../names/outside.ts";
import { senderShown } from "./inbox.ts";
import { inert, inertName } from "./inert.ts";

// The signs of a frame, also as XML or JSON writes them when a tool passes our text on.
const lt = String.raw`(?:<|&lt;|\\u003c)`;
const gt = String.raw`(?:>|&gt;|\\u003e)`;
const openTag = `${lt}hcom${gt}`;
const closeTag = `${lt}/hcom${gt}`;
// `[new message #42]`, `[request:thread #42:BOXE]`, `[channel:équipe #42]`: group 1 is the label.
const bracket = String.raw`\[[\p{L}\p{M}\p{N}_:. -]+ #(\d+(?::[A-Za-z0-9]+)?)\]`;

/** `42`, or `42:BOXE` for event 42 of the device BOXE: how a message is called in a text. */
function labelOf(message: MessageEvent): string {
  const origin = message.data._relay;
  return origin === undefined ? `${message.id}` : `${origin.id}:${origin.short}`;
}

/** What stands in front of a message, e.g. `[request:review #42]`. */
export function prefixOf(message: MessageEvent): string {
  const channel = plainWord(message.data.channel?.name);
  if (channel !== "") return `[channel:${channel} #${labelOf(message)}]`;
  const intent = plainWord(message.data.intent);
  const thread = plainWord(message.data.thread);
  let kind = intent === "" ? "new message" : intent;
  if (thread !== "") kind = `${intent === "" ? "thread" : intent}:${thread}`;
  return `[${kind} #${labelOf(message)}]`;
}

// Other programs write to the same log; a bracket of theirs must not break ours.
function plainWord(word: string | undefined): string {
  if (word === undefined || /^[\w.-]*$/.test(word)) return word ?? "";
  return spelledOut(word).replace(/[^\p{L}\p{M}\p{N}_.-]/gu, "_");
}

export interface Letters {
  messages: readonly MessageEvent[];
  recipient: { name: string; tag: string | null; hints: string };
  /** Base name to full name; a name it does not know comes back as it is. */
  displayName: (base: string) => string;
  /** The configured hints; the recipient's own replace them. */
  hints: string;
  /** `inert`, or one that remembers: most of the time of writing goes into it. */
  written?: (text: string) => string;
}

/** The text of one delivery, without the frame. */
export function formatMessages(letters: Letters): string {
  const { messages } = letters;
  const hints = letters.recipient.hints === "" ? letters.hints : letters.recipient.hints;
  const ending = hints === "" ? "" : ` | [${inertHints(hints)}]`;
  const [only] = messages;
  if (messages.length === 1 && only !== undefined) return entry(only, letters, true) + ending;
  const entries = messages.map((message) => entry(message, letters, false));
  return `[${messages.length} new messages] | ${entries.join(" | ")}${ending}`;
}

/** They stand in a bracket of ours, which only we close. */
function inertHints(hints: string): string {
  return inert(hints.replaceAll("[", "(").replaceAll("]", ")"));
}

function entry(message: MessageEvent, letters: Letters, isOnly: boolean): string {
  const count = message.data.delivered_to.length - 1;
  const word = isOnly ? ` other${count > 1 ? "s" : ""}` : "";
  const others = count > 0 ? ` (+${count}${word})` : "";
  const shown = senderShown(message, letters.displayName);
  const sender = /^\[hcom-[a-z]+\]$/.test(shown) ? shown : inertName(shown);
  const to = `${fullName(letters.recipient)}${others}`;
  const { written = inert } = letters;
  return `${prefixOf(message)} ${sender} → ${to}: ${written(message.data.text)}`;
}

/** The frame that tells the model these words come through hcom. */
export function wrap(text: string): string {
  return `<hcom>${text}</hcom>`;
}

/** Text that wakes an idle session and carries no mail: that comes through its prompt hook. */
export function nudgeText(ids: readonly number[]): string {
  return wrap(ids.length === 0 ? "mail" : `mail: ${ids.join(", ")}`);
}

const nudge = String.raw`${openTag}(?:mail(?:: \d+(?:, \d+)*)?)?(?:${closeTag})?`;
const onlyNudges = () => new RegExp(String.raw`^(?:${nudge}\s*)+$`, "i");
const longestNudge = 6000;

/**
 * Is this nothing but a nudge of ours (or the bare tag that is typed)? What a tool puts around a
 * prompt is taken off by its dialect before.
 */
export function isNudge(text: string): boolean {
  return text.length <= longestNudge && onlyNudges().test(text.trim());
}

/** How messages of other devices are called in a text, by their number here: `42:BOXE`. */
export type RemoteLabels = ReadonlyMap<number, string>;

/**
 * Which of these local ids stand in the text as delivered frames. With `recipient` (base name) only
 * frames addressed to it count: a model also reads other agents' transcripts.
 */
export function deliveredIds(
  text: string,
  ids: readonly number[],
  recipient?: string,
  remote?: RemoteLabels,
): number[] {
  const labels = deliveredLabels(text, recipient);
  return ids.filter((id) => labels.has(remote?.get(id) ?? `${id}`));
}

// A frame that a tool cut off ends where the next one begins.
const frame = () => new RegExp(`${openTag}(.*?)(?=${closeTag}|${openTag}|$)`, "gis");
const firstEntry = () => new RegExp(String.raw`^\s*${bracket} `, "u");
const batchHead = /^\s*\[\d+ new messages\](?= \| )/;
const nextEntry = () => new RegExp(String.raw` \| ${bracket} `, "gu");

/** The labels (see `labelOf`) of all messages that stand in the text as delivered frames. */
export function deliveredLabels(text: string, recipient?: string): Set<string> {
  const labels = new Set<string>();
  for (const [, inside = ""] of text.matchAll(frame())) {
    const head = batchHead.exec(inside)?.[0];
    // Only the first bracket of a single message is ours; the rest is what somebody wrote.
    const single = head === undefined ? firstEntry().exec(inside) : null;
    const entries = single === null ? [] : [single];
    if (head !== undefined) entries.push(...inside.slice(head.length).matchAll(nextEntry()));
    for (const found of entries) {
      const rest = found.input.slice(found.index + found[0].length);
      if (found[1] !== undefined && isAddressedTo(rest, recipient)) labels.add(found[1]);
    }
  }
  return labels;
}

function isAddressedTo(afterBracket: string, recipient: string | undefined): boolean {
  if (recipient === undefined) return true;
  const shown = /^[^\n]*? (?:→|\\u2192) (\S+?)(?: \(\+\d+[^)]*\))?: /.exec(afterBracket)?.[1];
  return shown === recipient || shown?.endsWith(`-${recipient}`) === true;
}

/** At most `max` characters on one line, never cut inside a character. */
export function oneLine(text: string, max = 60): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= max ? line : `${cut(line, max - 1)}…`;
}

function cut(text: string, length: number): string {
  const end = /[\ud800-\udbff]/.test(text[length - 1] ?? "") ? length - 1 : length;
  return text.slice(0, end);
}

/** What the human at the terminal sees of a delivery: who to whom, not the words. */
export function preview(formatted: string): string {
  return oneLine(formatted.split(": ", 1)[0] ?? "");
}

export interface FitBatch {
  /** The first ones of the batch: as many as fit, at least one if there is one. */
  messages: MessageEvent[];
  text: string;
}

/**
 * As many messages as fit into `limit` characters. One that is too long by itself is replaced by a
 * digest with the command that reads it.
 */
export function fitBatch(batch: {
  messages: readonly MessageEvent[];
  limit: number;
  format: (messages: MessageEvent[]) => string;
}): FitBatch {
  const { messages, limit, format } = batch;
  if (messages.length === 0) return { messages: [], text: "" };
  const shown: MessageEvent[] = [];
  const first = (count: number) => {
    for (const one of messages.slice(shown.length, count)) {
      shown.push(isTooLong(one, batch) ? digested(one) : one);
    }
    return format(shown.slice(0, count));
  };
  // More messages are a longer text, so the end is found by halving, from a guess: writing is what
  // costs here, the database is locked meanwhile, and most of what does not fit is not written.
  let fitting = { count: 0, text: "" };
  let next = guessOf(messages, limit);
  for (let beyond = messages.length + 1; beyond - fitting.count > 1; ) {
    const count = Math.min(Math.max(next, fitting.count + 1), beyond - 1);
    const text = first(count);
    next = text.length <= limit ? count + 1 + (count >> 3) : (fitting.count + count) >>> 1;
    // One goes out whatever the limit.
    if (text.length <= limit || count === 1) fitting = { count, text };
    else beyond = count;
  }
  return { messages: messages.slice(0, fitting.count), text: fitting.text };
}

/** Who, to whom, and which: about so many characters. */
const aroundEach = 40;

/** How many of the first ones go out, by what they say alone. */
function guessOf(messages: readonly MessageEvent[], limit: number): number {
  let length = 0;
  const end = messages.findIndex(({ data }) => {
    length += Math.min(data.text.length, limit) + aroundEach;
    return length > limit;
  });
  return end === -1 ? messages.length : end;
}

function isTooLong(
  message: MessageEvent,
  batch: { limit: number; format: (messages: MessageEvent[]) => string },
): boolean {
  const { limit, format } = batch;
  if (limit === Number.POSITIVE_INFINITY) return false;
  return message.data.text.length > limit || format([message]).length > limit;
}

const digestLength = 300;

function digested(message: MessageEvent): MessageEvent {
  const { text } = message.data;
  const digest =
    `(${text.length} characters, too long for this place) ${oneLine(text, digestLength)} ` +
    `- the whole text: hcom read ${message.id}`;
  return { ...message, data: { ...message.data, text: digest } };
}
