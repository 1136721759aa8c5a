// A list that is longer than its place: the lines around the chosen row.
import { fit, type Line } from "./line.ts";

/** Each row may have several lines; the chosen one is always in sight, as a whole if it fits. */
export function listed(
  rows: readonly (readonly Line[])[],
  chosen: number,
  room: { height: number; width: number; isFromBelow?: boolean },
): Line[] {
  const lines: Line[] = [];
  let from = 0;
  let to = 0;
  for (const [at, row] of rows.entries()) {
    if (at === chosen) from = lines.length;
    lines.push(...row);
    if (at === chosen) to = lines.length;
  }
  const { height } = room;
  if (lines.length <= height) {
    const missing = blanks(height - lines.length, room.width);
    return room.isFromBelow === true ? [...missing, ...lines] : [...lines, ...missing];
  }
  const middle = Math.floor((from + to - height) / 2);
  const top = Math.max(0, Math.min(lines.length - height, to - from > height ? from : middle));
  return lines.slice(top, top + height);
}

function blanks(count: number, width: number): Line[] {
  return Array.from({ length: Math.max(0, count) }, () => ({ parts: fit([], width) }));
}

/** Exactly so many lines of exactly that width. */
export function filled(lines: readonly Line[], height: number, width: number): Line[] {
  const fitted = lines
    .slice(0, Math.max(0, height))
    .map((line) => ({ ...line, parts: fit(line.parts, width) }));
  return [...fitted, ...blanks(height - fitted.length, width)];
}

/** Two blocks of the same height side by side, with a rule between them. */
export function beside(left: readonly Line[], right: readonly Line[], rule: string): Line[] {
  return left.map((line, at) => {
    const other = right[at];
    // Only the left one is a list: what is chosen in it is marked by its own sign, too.
    return {
      parts: [...line.parts, { tone: "faint", text: rule }, ...(other?.parts ?? [])],
      ...(line.isChosen === true ? { isChosen: true } : {}),
      ...(line.row === undefined ? {} : { row: line.row }),
    };
  });
}
