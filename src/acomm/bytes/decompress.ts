// Decompression with a limit that holds while it runs: what a file says about its own size is not
// believed. Throws `Damage`.
import { Damage } from "./damage.ts";
import { zlib } from "./zlib.ts";

export interface Inflated {
  data: Uint8Array;
  /** How many bytes of the input belong to it. */
  used: number;
}

/** The first gzip member; what follows it is not looked at (RFC 1952). */
export function gunzip(bytes: Uint8Array, maxBytes: number): Inflated {
  return gunzipSmall(bytes, maxBytes) ?? gunzipWithin(bytes, maxBytes);
}

/** A byte of deflate data stands for no more than so many (its longest match is two bits long). */
const mostFromOne = 1032;

/** What cannot become too large needs no limit; what is odd about it, the other way finds out. */
function gunzipSmall(bytes: Uint8Array, maxBytes: number): Inflated | undefined {
  if (bytes.length < 18 || bytes.length * mostFromOne > maxBytes) return undefined;
  try {
    const data = Bun.gunzipSync(new Uint8Array(bytes));
    const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
    const isAll =
      trailer.getUint32(0, true) === Bun.hash.crc32(data) &&
      trailer.getUint32(4, true) === data.length;
    return isAll ? { data, used: bytes.length } : undefined;
  } catch {
    return undefined;
  }
}

function gunzipWithin(bytes: Uint8Array, maxBytes: number): Inflated {
  const start = gzipHeaderLength(bytes);
  const { data, used } = inflate(bytes.subarray(start), maxBytes, saidLength(bytes, maxBytes));
  const end = start + used;
  if (bytes.length < end + 8) throw new Damage("damaged gzip data: it ends too early");
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + end, 8);
  if (trailer.getUint32(0, true) !== Bun.hash.crc32(data)) {
    throw new Damage("damaged gzip data: CRC-32 checksum mismatch");
  }
  if (trailer.getUint32(4, true) !== data.length % 0x1_0000_0000) {
    throw new Damage("damaged gzip data: length mismatch");
  }
  return { data, used: end + 8 };
}

/**
 * What the end of the file says about its length, if that can be: right for a file with nothing
 * behind it. It is no more than a hint at how much memory to take at once.
 */
function saidLength(bytes: Uint8Array, maxBytes: number): number {
  if (bytes.length < 18) return 0;
  const said = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(
    0,
    true,
  );
  return said <= maxBytes && said <= bytes.length * mostFromOne ? said : 0;
}

const flag = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

function gzipHeaderLength(bytes: Uint8Array): number {
  const flags = bytes[3] ?? flag.reserved;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8 || flags & flag.reserved) {
    throw new Damage("invalid gzip header");
  }
  let at = 10;
  if (flags & flag.extra) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const one of [flag.name, flag.comment]) {
    if (flags & one) at = endOfText(bytes, at);
  }
  if (flags & flag.headerCrc) {
    const sum = Bun.hash.crc32(bytes.subarray(0, at)) & 0xffff;
    if (sum !== (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0)) {
      throw new Damage("invalid gzip header");
    }
    at += 2;
  }
  if (at >= bytes.length) throw new Damage("invalid gzip header");
  return at;
}

function endOfText(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(0, at);
  if (end === -1) throw new Damage("invalid gzip header");
  return end + 1;
}

function inflate(bytes: Uint8Array, maxBytes: number, expected: number): Inflated {
  const answer: unknown = limited(maxBytes, "gzip", () =>
    zlib().inflateRawSync(bytes, { ...limits(bytes, maxBytes, expected), info: true }),
  );
  // With `info` the answer is not the bytes but the bytes and the engine that made them.
  const { buffer, engine } = answer as { buffer: Uint8Array; engine: { bytesWritten: number } };
  return { data: buffer, used: engine.bytesWritten };
}

export function unzstd(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const params = { [zlib().constants.ZSTD_d_windowLogMax]: windowLogMax(maxBytes) };
  return limited(maxBytes, "zstd", () =>
    zlib().zstdDecompressSync(bytes, { ...limits(bytes, maxBytes), params }),
  );
}

/** A frame names the window that it wants in memory: 8 MiB must do, or what the limit allows. */
function windowLogMax(maxBytes: number): number {
  return Math.min(27, Math.max(23, Math.floor(Math.log2(maxBytes))));
}

const smallestChunk = 16_384;
const largestChunk = 1_048_576;

/** Large chunks are faster, but a small file shall not cost a large one. */
function limits(
  bytes: Uint8Array,
  maxBytes: number,
  expected = 0,
): { maxOutputLength: number; chunkSize: number } {
  const guess = Math.min(largestChunk, bytes.length * 8, maxBytes + 1);
  // One more, or zlib would ask for another chunk to find out that it was all.
  const chunkSize = Math.max(smallestChunk, guess, expected + 1);
  return { maxOutputLength: maxBytes, chunkSize };
}

function limited<T>(maxBytes: number, format: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
      throw new Damage(`it decompresses to more than ${maxBytes} bytes: raise the limit`);
    }
    throw new Damage(`damaged ${format} data: ${error instanceof Error ? error.message : "?"}`);
  }
}
