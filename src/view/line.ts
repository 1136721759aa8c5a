// What a frame is made of: lines of marked words, each exactly as wide as the terminal. Whatever
// comes in, a line holds nothing that steers a terminal and is never wider than asked for.
import { type Part, textOf } from "../cli/style.ts";
import { cleanParts, headOf } from "../cli/table.ts";
import type { ViewName } from "./view-name.ts";

export interface Line {
  readonly parts: readonly Part[];
  /** The reader stands on it. */
  readonly isChosen?: boolean;
  /** The row it belongs to, for who points at it. */
  readonly row?: string;
  /** Parts that are pointed at by themselves. */
  readonly spots?: readonly Spot[];
}

/** Columns from `from` to before `to`: a view, or a key that is pressed. */
export type Spot = { readonly from: number; readonly to: number } & (
  | { readonly view: ViewName }
  | { readonly key: string }
);

export interface Frame {
  readonly width: number;
  readonly lines: readonly Line[];
  /** Where typed text goes; undefined while nobody types. */
  readonly cursor?: { x: number; y: number } | undefined;
}

/** Characters that have one column each, and no other meaning: nearly all there are. */
const simple = /^[\x20-\x7e]*$/;

export function columnsOf(text: string): number {
  return simple.test(text) ? text.length : Bun.stringWidth(text);
}

export function columns(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + columnsOf(textOf(part)), 0);
}

function again(part: Part, text: string): Part {
  return typeof part === "string" ? text : { tone: part.tone, text };
}

/** One line of words of whoever: without ends of lines, control characters and broken halves. */
function clean(parts: readonly Part[]): Part[] {
  if (parts.every((part) => simple.test(textOf(part)))) return [...parts];
  return cleanParts(
    parts.map((part) => {
      const text = textOf(part);
      return simple.test(text) ? part : again(part, wellFormed(text));
    }),
  );
}

/** Half a surrogate pair is no character; what has no width would be counted and not shown. */
function wellFormed(text: string): string {
  return text.toWellFormed().replace(/[\u00ad\u200b\u2060-\u2064\ufeff\ufff9-\uffff]/g, "\ufffd");
}

/** Cut to that many columns, with an ellipsis where something is missing. */
export function cut(parts: readonly Part[], width: number): Part[] {
  const words = clean(parts);
  if (columns(words) <= width) return words;
  if (width <= 0) return [];
  const shown: Part[] = [];
  let left = width - 1;
  for (const part of words) {
    const text = textOf(part);
    const wide = columnsOf(text);
    if (wide <= left) {
      shown.push(part);
      left -= wide;
      continue;
    }
    shown.push(again(part, `${headIn(text, left).trimEnd()}…`));
    break;
  }
  return shown;
}

/** Cut or filled up to exactly that many columns. */
export function fit(parts: readonly Part[], width: number): Part[] {
  const shown = cut(parts, width);
  const missing = width - columns(shown);
  return missing > 0 ? [...shown, " ".repeat(missing)] : shown;
}

/** The left words, and the right ones at the end of the line; the left give way. */
export function ends(left: readonly Part[], right: readonly Part[], width: number): Part[] {
  const shownRight = cut(right, Math.max(0, width - 8));
  const room = width - columns(shownRight);
  if (shownRight.length === 0) return fit(left, width);
  return [...fit(left, Math.max(0, room - 1)), " ".repeat(Math.min(1, room)), ...shownRight];
}

/** A text of whoever in lines of at most that many columns, its own ends of lines kept. */
export function folded(text: string, width: number, most = Number.POSITIVE_INFINITY): string[] {
  const room = Math.max(1, width);
  const lines: string[] = [];
  for (const own of text.toWellFormed().split(/\r\n|[\n\r\u2028\u2029]/)) {
    let rest = textOf(clean([own.replaceAll("\t", "  ")])[0] ?? "");
    while (columnsOf(rest) > room) {
      if (lines.length > most) return lines;
      const head = firstWords(rest, room);
      lines.push(head.trimEnd());
      rest = rest.slice(head.length).trimStart();
    }
    lines.push(rest);
    if (lines.length > most) return lines;
  }
  return lines;
}

/** Nearly always there is nothing to take apart, which costs a hundred times as much. */
function headIn(text: string, width: number): string {
  const near = text.slice(0, width + 1);
  return simple.test(near) ? near.slice(0, width) : headOf(text, width);
}

/** As many whole words as fit, or a part of the first one. */
function firstWords(text: string, width: number): string {
  // A character wider than the whole line is taken all the same: the line is cut later.
  const head = headIn(text, width) || ([...text][0] ?? "");
  if (head.length === text.length || text[head.length] === " ") return head;
  const blank = head.lastIndexOf(" ");
  return blank > width / 3 ? head.slice(0, blank) : head;
}

/** Without what the words are. */
export function plainWords(line: Line): string {
  return line.parts.map(textOf).join("");
}

/** Would it look the same? */
export function isSameFrame(a: Frame, b: Frame): boolean {
  if (a.width !== b.width || a.lines.length !== b.lines.length) return false;
  if (a.cursor?.x !== b.cursor?.x || a.cursor?.y !== b.cursor?.y) return false;
  return a.lines.every((line, at) => {
    const other = b.lines[at];
    return other !== undefined && isSameLine(line, other);
  });
}

function isSameLine(a: Line, b: Line): boolean {
  if (a.isChosen !== b.isChosen || a.parts.length !== b.parts.length) return false;
  return a.parts.every((part, at) => {
    const other = b.parts[at];
    if (typeof part === "string" || typeof other === "string") return part === other;
    return part.text === other?.text && part.tone === other.tone;
  });
}
