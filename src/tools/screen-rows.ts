// Reading rows of a terminal: what several screen readers need to find an input box.
import type { ScreenRow } from "./tool.ts";

/** Without the blanks of a box: spaces and the no-break space that Claude puts behind its glyph. */
export function trimCells(text: string): string {
  return text.replace(/^[\s\u00a0]+|[\s\u00a0]+$/g, "");
}

/** The text of a row behind its first `skip` cells; "" when most of it is dim: a placeholder. */
export function typedAfter(row: ScreenRow, skip: number): string {
  const text = trimCells(row.text.slice(skip));
  if (text === "") return "";
  let dim = 0;
  let seen = 0;
  for (let cell = skip; cell < row.text.length; cell++) {
    if (trimCells(row.text.charAt(cell)) === "") continue;
    seen++;
    if (row.dim[cell] === true) dim++;
  }
  return dim * 2 > seen ? "" : text;
}

/** The last `count` rows that are not blank. */
export function bottomRows(rows: readonly ScreenRow[], count: number): ScreenRow[] {
  return rows.filter((row) => trimCells(row.text) !== "").slice(-count);
}

/** Keys that answer the question on the screen. */
export interface AnswerKeys {
  yes: string;
  no: string;
}

/**
 * Of a question with numbered choices where the mark stands on a yes without consequences beyond
 * this once: Enter takes it, Escape takes none. undefined for every other question.
 */
export function answerKeys(rows: readonly ScreenRow[]): AnswerKeys | undefined {
  const marked = bottomRows(rows, 16).filter((row) => /^[│\s]*[❯›●] \d+\. /.test(row.text));
  const [only] = marked;
  if (only === undefined || marked.length > 1) return undefined;
  const isYes = /[❯›●] 1\. (?:Yes|Allow once)(?:, proceed)?(?: \(y\))?[│\s]*$/.test(only.text);
  return isYes ? { yes: "\r", no: "\x1b" } : undefined;
}

export function hasText(rows: readonly ScreenRow[], text: string): boolean {
  return rows.some((row) => row.text.includes(text));
}
