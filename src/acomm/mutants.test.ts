// Thousands of damaged files from a fixed seed. ACOMM_MUTANTS sets how many there are of each kind;
// a failure names the number of its mutant, so that it can be looked at alone.
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { blake3 } from "@noble/hashes/blake3.js";
import type { EnvelopeKind } from "../core/channels/snapshot.ts";
import type { ReadDocument } from "./read-document.ts";
import { readDocument } from "./read-document.ts";
import { writeDocument } from "./write-document.ts";

const count = Number(process.env["ACOMM_MUTANTS"] ?? 3_000);
const folder = join(import.meta.dir, "fixtures");
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".acomm"))
  .sort()
  .map((name) => fileOf(readFileSync(join(folder, name))));

interface Sample {
  bytes: Buffer;
  envelope: EnvelopeKind;
  /** The store without header, compression and checksum. */
  store: Buffer;
}

function fileOf(bytes: Buffer): Sample {
  const answer = readDocument(bytes);
  if (answer.kind === "refused") throw new Error(answer.reason);
  const { envelope } = answer.snapshot.form;
  return { bytes, envelope, store: storeIn(bytes, envelope) };
}

function storeIn(bytes: Buffer, envelope: EnvelopeKind): Buffer {
  switch (envelope) {
    case "E0":
      return zlib.gunzipSync(bytes.subarray(24));
    case "E1":
      return zlib.gunzipSync(bytes).subarray(24);
    case "E2":
      return zlib.gunzipSync(bytes.subarray(20));
    case "E3":
      return zlib.gunzipSync(bytes.subarray(48));
    case "E4":
      return zlib.zstdDecompressSync(bytes.subarray(48));
  }
}

/** The store in its envelope with everything around it right: only the store can be at fault. */
function wrapped({ bytes, envelope }: Sample, store: Buffer<ArrayBuffer>): Buffer {
  if (envelope === "E1") {
    const header = zlib.gunzipSync(bytes).subarray(0, 24);
    return Buffer.from(Bun.gzipSync(Buffer.concat([header, store]), { level: 1 }));
  }
  const data = envelope === "E4" ? Bun.zstdCompressSync(store) : Bun.gzipSync(store, { level: 1 });
  const start = Buffer.from(bytes.subarray(0, 16));
  start.writeBigUInt64LE(BigInt(data.length), 8);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(Bun.hash.crc32(data));
  return Buffer.concat([start, envelope === "E2" ? sum : blake3(data), data]);
}

type Chance = (below: number) => number;

/** mulberry32: small, and the same everywhere. */
function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

const telling = [0, 1, 2, 3, 8, 0x7f, 0x80, 0xc0, 0xed, 0xff];

function mutated(original: Buffer, chance: Chance): Buffer<ArrayBuffer> {
  let bytes = Buffer.from(original);
  for (let left = 1 + chance(3); left > 0; left--) bytes = mutatedOnce(bytes, chance);
  return bytes;
}

function mutatedOnce(bytes: Buffer, chance: Chance): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  const at = chance(bytes.length);
  const length = 1 + chance(24);
  switch (chance(7)) {
    case 0:
      copy[at] = (copy[at] ?? 0) ^ (1 << chance(8));
      return copy;
    case 1:
      copy[at] = telling[chance(telling.length)] ?? 0;
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
    case 4:
      return Buffer.concat([copy.subarray(0, at + length), copy.subarray(at)]);
    case 5:
      copy.fill(telling[chance(telling.length)] ?? 0, at, Math.min(at + length, copy.length));
      return copy;
    default: {
      // A length or a counter out of all proportion, where 8 bytes have room.
      const huge = [1n << 31n, 1n << 32n, 1n << 53n, 1n << 63n, (1n << 64n) - 1n, 5n, 255n];
      if (at + 8 <= copy.length) copy.writeBigUInt64LE(huge[chance(huge.length)] ?? 0n, at);
      return copy;
    }
  }
}

function sampleOf(mutant: number): Sample {
  const sample = files[mutant % files.length];
  if (sample === undefined) throw new Error("no files");
  return sample;
}

/** The re-written document, decompressed; nothing was changed, so nothing may differ. */
function rewritten(answer: ReadDocument & { kind: "document" }, isCopied: boolean): Buffer {
  const { snapshot } = answer;
  if (!isCopied) {
    for (const kept of [...snapshot.channels, ...snapshot.messages, ...snapshot.subscriptions]) {
      kept.bytes = undefined;
    }
  }
  return storeIn(Buffer.from(writeDocument(snapshot)), snapshot.form.envelope);
}

const limit = { maxBytes: 1_000_000 };

test("a damaged file is refused, or what comes out of it is undamaged", () => {
  for (let mutant = 0; mutant < count; mutant++) {
    const sample = sampleOf(mutant);
    const answer = readDocument(mutated(sample.bytes, chanceOf(mutant)), limit);
    if (answer.kind === "refused") continue;
    if (!rewritten(answer, true).equals(sample.store)) throw new Error(`mutant ${mutant}`);
  }
});

test("a damaged store under right checksums is refused, or is a store by every rule", () => {
  let opened = 0;
  for (let mutant = 0; mutant < count; mutant++) {
    const sample = sampleOf(mutant);
    const store = mutated(sample.store, chanceOf(-1 - mutant));
    const answer = readDocument(wrapped(sample, store), limit);
    if (answer.kind === "refused") continue;
    opened++;
    // A counter that was raised is the one thing that the reader puts right.
    if (answer.warnings.some((warning) => warning.startsWith("the next "))) continue;
    if (!rewritten(answer, true).equals(store)) throw new Error(`mutant ${mutant}, copied`);
    if (!rewritten(answer, false).equals(store)) throw new Error(`mutant ${mutant}, encoded`);
  }
  // Many mutants change only a text: they show that the check above is not idle.
  expect(opened).toBeGreaterThan(count / 20);
  expect(opened).toBeLessThan(count);
});
