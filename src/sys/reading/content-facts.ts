// What a file is at this moment: how long, with which contents, and how it begins.
import { fs } from "../fs.ts";
import { openRegular } from "../regular-file.ts";

export interface ContentFacts {
  bytes: number;
  /** Undefined where it is too large to be read through. */
  sha256: string | undefined;
  /** The first bytes; undefined where they are no text. */
  head: string | undefined;
}

const most = { hashed: 64 << 20, head: 4096 };
const pieceBytes = 1 << 20;

/** Undefined where there is no such regular file, or none that we may read. */
export function contentFacts(path: string): ContentFacts | undefined {
  let file: number | undefined;
  try {
    file = openRegular(path);
    const bytes = fs().fstatSync(file).size;
    const head = headOf(file);
    return { bytes, sha256: bytes > most.hashed ? undefined : hashOf(file), head };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) fs().closeSync(file);
  }
}

function hashOf(file: number): string {
  const hash = new Bun.CryptoHasher("sha256");
  const piece = Buffer.alloc(pieceBytes);
  for (let at = 0; ; ) {
    const count = fs().readSync(file, piece, 0, piece.length, at);
    if (count === 0) return hash.digest("hex");
    hash.update(piece.subarray(0, count));
    at += count;
  }
}

function headOf(file: number): string | undefined {
  const piece = Buffer.alloc(most.head);
  const bytes = piece.subarray(0, fs().readSync(file, piece, 0, piece.length, 0));
  if (bytes.includes(0)) return undefined;
  // The last character may be cut: what is shown of it ends at a line anyway.
  const text = new TextDecoder("utf-8").decode(bytes, { stream: true });
  return text.includes("\ufffd") ? undefined : text;
}
