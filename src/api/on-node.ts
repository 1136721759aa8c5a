// What the library needs and Bun brings along, made of what Node has. The build puts `Bun` of this
// file in the place of Bun's own into the library's bundle, which must run on both.
import { createHash } from "node:crypto";
import * as zlib from "node:zlib";
import { Refusal } from "../core/refusal.ts";

const bun: typeof globalThis.Bun | undefined = globalThis.Bun;

export const isBun = bun !== undefined;

/** Node has it from version 22.15 on. */
const hasZstd = typeof zlib.zstdCompressSync === "function";

type Bytes = Uint8Array<ArrayBuffer>;

/** @public for `scripts/build.ts` */
export const Bun = {
  hash: { crc32: (bytes: Bytes) => bun?.hash.crc32(bytes) ?? crc32(bytes) },
  gunzipSync: (bytes: Bytes): Uint8Array => bun?.gunzipSync(bytes) ?? zlib.gunzipSync(bytes),
  gzipSync: (bytes: Bytes, options: { level: 1; library: "libdeflate" }): Uint8Array =>
    bun?.gzipSync(bytes, options) ?? zlib.gzipSync(bytes, { level: options.level }),
  zstdCompressSync(bytes: Bytes, options: { level: number }): Uint8Array {
    if (bun !== undefined) return bun.zstdCompressSync(bytes, options);
    if (!hasZstd) throw needsZstd();
    const level = { [zlib.constants.ZSTD_c_compressionLevel]: options.level };
    return zlib.zstdCompressSync(bytes, { params: level });
  },
};

/** Lower-case hex of the text's UTF-8. */
export function sha256(text: string): string {
  return (
    bun?.CryptoHasher.hash("sha256", text, "hex") ??
    createHash("sha256").update(text, "utf8").digest("hex")
  );
}

/** Of the five envelopes the newest one alone is compressed with zstd. */
export function checkReadable(bytes: Uint8Array): void {
  const newest = [0x41, 0x43, 0x4f, 0x4d, 3, 0, 1, 0];
  if (!hasZstd && newest.every((byte, at) => bytes[at] === byte)) throw needsZstd();
}

function needsZstd(): Refusal {
  return new Refusal({
    code: "needs_zstd",
    message: "this .acomm layout is compressed with zstd, which this version of Node lacks",
    hint: "use Bun, Node 22.15 or newer, or the layout `seed`",
  });
}

let table: Uint32Array | undefined;

/** Its own, because Node has one from 20.15 on only. */
function crc32(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => remainder(byte));
  let sum = 0xffff_ffff;
  for (const byte of bytes) sum = (table[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return (sum ^ 0xffff_ffff) >>> 0;
}

function remainder(byte: number): number {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb8_8320 : sum >>> 1;
  return sum;
}
