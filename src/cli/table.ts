// Rows in even columns, as wide as the terminal and not wider. What does not fit is cut with an
// ellipsis, the columns that can give way first; wide characters count as two. Where nobody looks
// nothing is cut.
import { forPeople } from "../core/printable.ts";
import { type Part, style, textOf } from "./style.ts";

export type Cell = Part | readonly Part[];

export interface Column {
  /** It gives way down to this width; absent = it is never cut, unless nothing else can be. */
  least?: number;
  align?: "right";
}

const gap = 2;

/** The lines, each as the parts that `Out.line` takes. */
export function table(
  rows: readonly (readonly Cell[])[],
  columns: readonly Column[],
  width: number,
): Part[][] {
  const cells = rows.map((row) => row.map(cleanParts));
  const used = columns.map((column, at) => ({ column, at })).filter(({ at }) => hasText(cells, at));
  const natural = used.map(({ at }) => Math.max(...cells.map((row) => widthOf(row[at] ?? []))));
  const widths = fitted(
    natural,
    used.map(({ column }) => column),
    width,
  );
  return cells.map((row) => {
    const line: Part[] = [];
    for (const [nth, { column, at }] of used.entries()) {
      const cell = shortened(row[at] ?? [], widths[nth] ?? 0);
      const padding = " ".repeat(Math.max(0, (widths[nth] ?? 0) - widthOf(cell)));
      const isLast = nth === used.length - 1;
      if (column.align === "right") line.push(padding, ...cell);
      else line.push(...cell, ...(isLast ? [] : [padding]));
      if (!isLast) line.push(" ".repeat(gap));
    }
    return trimmed(line);
  });
}

function hasText(cells: readonly Part[][][], at: number): boolean {
  return cells.some((row) => widthOf(row[at] ?? []) > 0);
}

/** One line whatever stands in it, and without what would be counted and not shown. */
export function cleanParts(cell: Cell): Part[] {
  const parts = Array.isArray(cell) ? (cell as readonly Part[]) : [cell as Part];
  return parts.map((part) => {
    const text = forPeople(textOf(part)).replace(/[\t\r\n]+/g, " ");
    return typeof part === "string" ? text : style[part.tone](text);
  });
}

export function widthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + Bun.stringWidth(textOf(part)), 0);
}

/** The widest column that can still give way gives one, until all fits or none can. */
function fitted(natural: readonly number[], columns: readonly Column[], width: number): number[] {
  const widths = [...natural];
  const leastOf = (at: number) => columns[at]?.least ?? Number.POSITIVE_INFINITY;
  let excess = widths.reduce((sum, one) => sum + one, 0) + gap * (widths.length - 1) - width;
  while (excess > 0) {
    const flexible = widths.map((_, at) => at).filter((at) => (widths[at] ?? 0) > leastOf(at));
    if (flexible.length === 0) break;
    const widest = flexible.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a));
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  // Whatever is left is taken from the end: a line is never wider than the terminal.
  if (excess > 0 && widths.length > 0) {
    const last = widths.length - 1;
    widths[last] = Math.max(1, (widths[last] ?? 0) - excess);
  }
  return widths;
}

/** Cut to that many columns, never inside a character that people see as one; a quote is closed. */
export function shortened(parts: readonly Part[], width: number): Part[] {
  if (widthOf(parts) <= width) return [...parts];
  const closing = width > 2 && textOf(parts.at(-1) ?? "").endsWith('"') ? '"' : "";
  const cut: Part[] = [];
  let left = width - 1 - closing.length;
  for (const part of parts) {
    const text = headOf(textOf(part), left);
    left -= Bun.stringWidth(text);
    const isCut = text.length < textOf(part).length;
    const kept = isCut ? `${text.trimEnd()}…${closing}` : text;
    cut.push(typeof part === "string" ? kept : style[part.tone](kept));
    if (isCut) break;
  }
  return cut;
}

/** As much of it as that many columns take. */
export function headOf(text: string, width: number): string {
  let head = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += Bun.stringWidth(segment);
    if (used > width) break;
    head += segment;
  }
  return head;
}

/** Without blanks at its end. */
export function trimmed(line: Part[]): Part[] {
  while (line.length > 0 && textOf(line.at(-1) ?? "").trim() === "") line.pop();
  return line;
}
