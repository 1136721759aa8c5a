// Reads a growing transcript again and again without reading all of it again.
import type { ReadTail } from "../bus/mail/prove.ts";
import { readTail } from "../sys/file-tail.ts";

/**
 * A line may have been written before its delivery was noted as handed over: each read begins this
 * far before the end of the last one.
 */
const overlapBytes = 256_000;

export function transcriptTail(): ReadTail {
  let path: string | undefined;
  let next = 0;
  return (wantedPath, fromByte) => {
    const isKnown = path === wantedPath && fromByte < 0;
    const tail = readTail(wantedPath, isKnown ? Math.max(0, next - overlapBytes) : fromByte);
    if (tail === undefined) return undefined;
    const before = isKnown ? next : undefined;
    path = wantedPath;
    next = tail.next;
    const readAgain = () => {
      if (before !== undefined) next = before;
      else path = undefined;
    };
    return { ...tail, readAgain };
  };
}
