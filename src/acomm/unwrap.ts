// From the bytes of a file to the bytes of its store: recognises the five envelopes, checks
// whatever they can be checked by, and decompresses within a limit. Throws `Damage`.

import type { EnvelopeKind } from "../core/channels/snapshot.ts";
import { blake3 } from "./bytes/blake3.ts";
import { Damage } from "./bytes/damage.ts";
import { gunzip, unzstd } from "./bytes/decompress.ts";
import type { Source } from "./bytes/source.ts";
import { readCounter, readU32, sourceOf, take } from "./bytes/source.ts";
import { headerBytes, magic, shortMagic } from "./envelope.ts";

export interface Unwrapped {
  envelope: EnvelopeKind;
  /** The bytes of the store. */
  store: Uint8Array;
  /** What the header says is in it. */
  counts?: Counts | undefined;
  /** Bytes of the file that belong to nothing. */
  surplus: number;
}

export interface Counts {
  channels: number;
  messages: number;
}

export function unwrap(bytes: Uint8Array, maxBytes: number): Unwrapped {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return unwrapWhole(bytes, maxBytes);
  if (startsWith(bytes, magic.slice(0, 5))) return unwrapOpen(bytes, maxBytes);
  if (startsWith(bytes, shortMagic)) return unwrapChecked(bytes, maxBytes);
  throw new Damage(notOurs);
}

const notOurs = "Invalid magic bytes — not an .acomm file";

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

/** E1: header and store, compressed together. */
function unwrapWhole(bytes: Uint8Array, maxBytes: number): Unwrapped {
  const { data, used } = gunzip(bytes, maxBytes);
  const counts = readHeader(data);
  return {
    envelope: "E1",
    store: data.subarray(headerBytes),
    counts,
    surplus: bytes.length - used,
  };
}

/** E0: the header in clear, then the compressed store. */
function unwrapOpen(bytes: Uint8Array, maxBytes: number): Unwrapped {
  const counts = readHeader(bytes);
  const { data, used } = gunzip(bytes.subarray(headerBytes), maxBytes);
  return { envelope: "E0", store: data, counts, surplus: bytes.length - headerBytes - used };
}

function readHeader(bytes: Uint8Array): Counts {
  if (!startsWith(bytes, magic)) throw new Damage(notOurs);
  if (bytes.length < headerBytes) throw new Damage("Bad header: it ends too early");
  const source = sourceOf(bytes.subarray(8, headerBytes));
  const version = readU32(source);
  if (version !== 1) throw new Damage(`Unsupported version: ${version} (expected 1)`);
  const channels = readU32(source);
  return { channels, messages: readMessageCount(source) };
}

function readMessageCount(source: Source): number {
  try {
    return readCounter(source);
  } catch {
    throw new Damage("Bad header: the number of messages is above 2^53-1");
  }
}

/** E2 to E4: a header in clear with the length and a checksum of the compressed store. */
function unwrapChecked(bytes: Uint8Array, maxBytes: number): Unwrapped {
  const source = sourceOf(bytes);
  const { version, isZstd } = readVersion(source);
  const length = readLength(source);
  const sum = bytes.subarray(take(source, version === 2 ? 4 : 32), source.at);
  const start = source.at;
  if (length > bytes.length - start) throw new Damage("Bad header: more data than the file holds");
  const data = bytes.subarray(start, start + length);
  checkSum(data, sum);
  const surplus = bytes.length - start - length;
  if (isZstd) return { envelope: "E4", store: unzstd(data, maxBytes), surplus };
  const { data: store, used } = gunzip(data, maxBytes);
  return { envelope: version === 2 ? "E2" : "E3", store, surplus: surplus + length - used };
}

function readVersion(source: Source): { version: number; isZstd: boolean } {
  if (source.bytes.length < 20) throw new Damage("Bad header: it ends too early");
  const both = source.view.getUint32(take(source, 8) + 4, true);
  const version = both & 0xffff;
  const flags = both >>> 16;
  if (version !== 2 && version !== 3) {
    throw new Damage(`Unsupported version: ${version} (expected 2 or 3)`);
  }
  if (flags > (version === 3 ? 1 : 0)) throw new Damage(`Bad header: unknown flags ${flags}`);
  if (version === 3 && source.bytes.length < 48) throw new Damage("Bad header: it ends too early");
  return { version, isZstd: flags === 1 };
}

function readLength(source: Source): number {
  try {
    return readCounter(source);
  } catch {
    throw new Damage("Bad header: more data than the file holds");
  }
}

function checkSum(data: Uint8Array, sum: Uint8Array): void {
  const found = sum.length === 4 ? crc32Of(data) : blake3(data);
  if (!startsWith(found, sum)) {
    throw new Damage(`${sum.length === 4 ? "CRC-32" : "BLAKE3"} checksum mismatch`);
  }
}

function crc32Of(data: Uint8Array): Uint8Array {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(Bun.hash.crc32(data));
  return sum;
}
