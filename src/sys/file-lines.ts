// Reads a file line by line in pieces, so that it may be larger than memory.
import { Refusal } from "../core/refusal.ts";
import { fs } from "./fs.ts";
import { openRegular } from "./regular-file.ts";

export interface LinesRead {
  /** Byte offset behind the last whole line: where to go on when the file has grown. */
  next: number;
  /** What stands behind it: a line that is still being written, or the last one of all. */
  rest: string;
}

const pieceBytes = 1 << 20;
const lineFeed = 10;

/** Longer lines are passed over: nothing that we look for is in one. */
const longestLineBytes = 64 << 20;

/** Undefined when there is no such file. */
export async function readLines(
  path: string,
  fromByte: number,
  take: (line: string) => void,
): Promise<LinesRead | undefined> {
  try {
    const file = openRegular(path);
    try {
      return await readAll(file, fromByte, take);
    } finally {
      fs().closeSync(file);
    }
  } catch (error) {
    // Of whoever takes the lines.
    if (error instanceof Refusal) throw error;
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (typeof code !== "string") throw error;
    throw new Refusal({ code: "unreadable_file", message: `cannot read ${path}: ${code}` });
  }
}

async function readAll(
  file: number,
  fromByte: number,
  take: (line: string) => void,
): Promise<LinesRead> {
  const piece = Buffer.alloc(pieceBytes);
  let held: Buffer[] = [];
  let next = fromByte;
  for (let at = fromByte; ; ) {
    const bytesRead = await read(file, piece, at);
    if (bytesRead === 0) return { next, rest: textOf(held) };
    const bytes = piece.subarray(0, bytesRead);
    const [first, last] = [bytes.indexOf(lineFeed), bytes.lastIndexOf(lineFeed)];
    if (first >= 0) {
      take(textOf([...held, bytes.subarray(0, first)]));
      // Cut at line feeds only, so that no character is cut.
      if (last > first) {
        for (const line of bytes.toString("utf8", first + 1, last).split("\n")) take(line);
      }
      held = [];
      next = at + last + 1;
    }
    // The piece is filled again: what is kept of it must be a copy.
    if (sizeOf(held) <= longestLineBytes) held.push(Buffer.from(bytes.subarray(last + 1)));
    at += bytesRead;
  }
}

function read(file: number, into: Buffer, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs().read(file, into, 0, into.length, at, (error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });
}

function textOf(parts: readonly Buffer[]): string {
  return sizeOf(parts) > longestLineBytes ? "" : Buffer.concat(parts).toString("utf8");
}

function sizeOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
