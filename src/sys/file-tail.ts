// Reading the part of a growing file that is new, without ever loading the whole of it.
import { fs } from "./fs.ts";
import { openRegular } from "./regular-file.ts";

export interface Tail {
  text: string;
  /** Byte offset to go on from. */
  next: number;
}

/**
 * The text from `fromByte` to the end; negative counts from the end. A file that became shorter
 * than `fromByte` is read from its start. At most `maxBytes` are read per call: the rest comes
 * with the next one. Undefined when there is no such regular file.
 */
export function readTail(path: string, fromByte: number, maxBytes = 8_000_000): Tail | undefined {
  let file: number;
  try {
    file = openRegular(path);
  } catch {
    return undefined;
  }
  try {
    const { size } = fs().fstatSync(file);
    const wanted = fromByte < 0 ? Math.max(0, size + fromByte) : fromByte;
    const from = wanted > size ? 0 : wanted;
    const bytes = Buffer.alloc(Math.min(size - from, maxBytes));
    let done = 0;
    while (done < bytes.length) {
      const count = fs().readSync(file, bytes, done, bytes.length - done, from + done);
      if (count === 0) break;
      done += count;
    }
    return { text: bytes.toString("utf8", 0, done), next: from + done };
  } catch {
    return undefined;
  } finally {
    fs().closeSync(file);
  }
}
