// Reading bincode's primitives (fixed width, little-endian) from bytes in memory. Every length is
// checked against what is left before anything is made of it; whatever is wrong throws `Damage`.
import { isUtf8 } from "node:buffer";
import type { LastMinute } from "../../core/channels/timestamp.ts";
import { Damage } from "./damage.ts";

export interface Source {
  readonly bytes: Buffer;
  /** The same ones: a part of a Buffer takes three times as long to make. */
  readonly plain: Uint8Array;
  readonly view: DataView;
  at: number;
  readonly lastMinute: LastMinute;
}

export function sourceOf(bytes: Uint8Array): Source {
  return {
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
    plain: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    at: 0,
    lastMinute: { at: -1, seconds: 0 },
  };
}

/** Moves past `count` bytes and says where they began. */
export function take(source: Source, count: number): number {
  const at = source.at;
  if (count > source.bytes.length - at) throw new Damage("it ends too early");
  source.at = at + count;
  return at;
}

export function readU32(source: Source): number {
  return source.view.getUint32(take(source, 4), true);
}

/** An id or a counter: what JavaScript cannot count to exactly is refused. */
export function readCounter(source: Source): number {
  const at = take(source, 8);
  const high = source.view.getUint32(at + 4, true);
  if (high > 0x1f_ffff) throw new Damage("a number above 2^53-1 where an id or a counter stands");
  return high * 0x1_0000_0000 + source.view.getUint32(at, true);
}

/** Above 2^53-1 as decimal text. */
export function readU64(source: Source): number | string {
  const at = take(source, 8);
  const high = source.view.getUint32(at + 4, true);
  if (high > 0x1f_ffff) return source.view.getBigUint64(at, true).toString();
  return high * 0x1_0000_0000 + source.view.getUint32(at, true);
}

/** How many items follow; `smallest` is the least number of bytes that one of them takes. */
export function readCount(source: Source, smallest: number): number {
  const at = take(source, 8);
  const count = source.view.getUint32(at, true);
  const isLong = source.view.getUint32(at + 4, true) !== 0;
  if (isLong || count * smallest > source.bytes.length - source.at) {
    throw new Damage("a length goes beyond the end");
  }
  return count;
}

/** A bool or the tag of an option. */
export function readFlag(source: Source): boolean {
  const value = source.bytes[take(source, 1)];
  if (value !== 0 && value !== 1) throw new Damage(`${value} where 0 or 1 must stand`);
  return value === 1;
}

export function readIndex(source: Source, count: number): number {
  const index = readU32(source);
  if (index >= count) throw new Damage(`tag for enum is not valid, found ${index}`);
  return index;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function readText(source: Source): string {
  const length = readCount(source, 1);
  const at = source.at;
  source.at = at + length;
  const text = source.bytes.toString("utf8", at, at + length);
  // The quick way replaces what is no UTF-8 by U+FFFD: only texts that hold one are decoded twice.
  return text.includes("\ufffd") ? strictText(source.bytes.subarray(at, at + length)) : text;
}

/** As strict as reading it. */
export function skipText(source: Source): void {
  const length = readCount(source, 1);
  const at = source.at;
  source.at = at + length;
  if (!isUtf8(source.plain.subarray(at, source.at))) throw new Damage(notUtf8);
}

const notUtf8 = "a text is not valid UTF-8";

function strictText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw new Damage(notUtf8);
  }
}
