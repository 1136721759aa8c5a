// Finds lines of a file by marks in them, several times as fast as reading every line: the bytes
// are searched as they are, and only a line with a mark becomes text.
import type { LineMarks } from "../../core/transcript/line-marks.ts";
import { fs } from "../fs.ts";
import { openRegular } from "../regular-file.ts";

export interface FoundLine {
  text: string;
  /** Byte offset of its beginning. */
  at: number;
}

const pieceBytes = 1 << 20;
/** A longer line is passed over, as `readLines` does. */
const longestLineBytes = 64 << 20;
const lineFeed = 10;

/**
 * In order. As long as `takesAll` says so every line is taken, marked or not. Throws as node:fs
 * does where there is no such file, or none that may be read.
 */
export function findLines(
  path: string,
  marks: LineMarks,
  take: (line: FoundLine) => void,
  takesAll: () => boolean,
): void {
  const file = openRegular(path);
  try {
    const search = searchFor(marks, take, takesAll);
    let piece = Buffer.allocUnsafe(pieceBytes);
    let [base, filled, isSkipping] = [0, 0, false];
    for (;;) {
      const count = fs().readSync(file, piece, filled, piece.length - filled, base + filled);
      if (count === 0) break;
      filled += count;
      const end = piece.lastIndexOf(lineFeed, filled - 1) + 1;
      if (end > 0) {
        // What stands before the first end of a line belongs to one that is too long.
        const start = isSkipping ? piece.indexOf(lineFeed) + 1 : 0;
        search(piece.subarray(start, end), base + start);
        piece.copyWithin(0, end, filled);
        [base, filled, isSkipping] = [base + end, filled - end, false];
      } else if (filled === piece.length && piece.length >= longestLineBytes) {
        [base, filled, isSkipping] = [base + filled, 0, true];
      } else if (filled === piece.length) {
        const larger = Buffer.allocUnsafe(piece.length * 2);
        piece.copy(larger, 0, 0, filled);
        piece = larger;
      }
    }
    if (filled > 0 && !isSkipping) search(piece.subarray(0, filled), base);
  } finally {
    fs().closeSync(file);
  }
}

type Search = (block: Buffer, base: number) => void;

/** Over a block of whole lines. */
function searchFor(
  marks: LineMarks,
  take: (line: FoundLine) => void,
  takesAll: () => boolean,
): Search {
  const any = marks.any.map((mark) => Buffer.from(mark));
  const isLeftOut = leftOut(marks);
  return (block, base) => {
    const cursors = any.map((mark) => cursorOf(block, mark));
    const out = isLeftOut(block);
    const lineAt = (start: number): number => {
      const end = endOfLine(block, start);
      take({ text: block.toString("utf8", start, end), at: base + start });
      return end + 1;
    };
    let at = 0;
    while (at < block.length && takesAll()) at = lineAt(at);
    for (;;) {
      const from = at;
      const hit = Math.min(...cursors.map((next) => next(from)));
      if (hit >= block.length) return;
      const start = block.lastIndexOf(lineFeed, hit) + 1;
      if (out(start, endOfLine(block, hit))) at = endOfLine(block, hit) + 1;
      else at = lineAt(start);
    }
  };
}

/** The next place of a mark at or behind `from`, which only grows; the block's length = none. */
function cursorOf(block: Buffer, mark: Buffer): (from: number) => number {
  let found = -1;
  return (from) => {
    if (found < from) {
      const next = block.indexOf(mark, from);
      found = next < 0 ? block.length : next;
    }
    return found;
  };
}

function leftOut({ not }: LineMarks): (block: Buffer) => (start: number, end: number) => boolean {
  if (not === undefined) return () => () => false;
  const [mark, unless] = [Buffer.from(not.mark), Buffer.from(not.unless)];
  return (block) => {
    const [marked, saved] = [cursorOf(block, mark), cursorOf(block, unless)];
    return (start, end) => marked(start) < end && saved(start) >= end;
  };
}

function endOfLine(block: Buffer, from: number): number {
  const end = block.indexOf(lineFeed, from);
  return end < 0 ? block.length : end;
}
