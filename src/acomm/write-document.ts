// Writes a snapshot as a `.acomm` file of any form. In its own form what nobody changed comes out
// exactly as it was; towards an older layout whatever that cannot hold is dropped (`losses.ts`
// names it), towards a newer one the original program's defaults are filled in.

import type { Form, PiledSnapshot, Snapshot } from "../core/channels/snapshot.ts";
import { unreachable } from "../core/refusal.ts";
import { blake3 } from "./bytes/blake3.ts";
import type { Sink } from "./bytes/sink.ts";
import {
  release,
  releaseAround,
  sinkOf,
  writeBytes,
  writeU32,
  writeU64,
  written,
} from "./bytes/sink.ts";
import { headerBytes, magic, shortMagic } from "./envelope.ts";
import { writeStore } from "./store.ts";

export interface Writing {
  /**
   * Nobody looks at the snapshot afterwards: messages that are still bytes of what was read give
   * that memory back before the new bytes are compressed.
   */
  isLast?: boolean | undefined;
}

export function writeDocument(
  snapshot: Snapshot | PiledSnapshot,
  form: Form = snapshot.form,
  how: Writing = {},
): Uint8Array {
  const sink = sinkOf(sizeGuess(snapshot));
  writeHeader(sink, snapshot);
  writeStore(sink, snapshot, form.generation);
  if (how.isLast === true) releaseRead(snapshot);
  const document = wrapped(written(sink), form);
  release(sink.bytes);
  return document;
}

function releaseRead(snapshot: Snapshot | PiledSnapshot): void {
  // All of them are of one document.
  const whole =
    "pile" in snapshot
      ? snapshot.pile.whole
      : snapshot.messages.find((one) => one.brief !== undefined)?.brief?.whole;
  if (whole !== undefined) releaseAround(whole);
}

/** None of it shares memory with what it was made of. */
function wrapped(whole: Uint8Array<ArrayBuffer>, form: Form): Uint8Array {
  const store = whole.subarray(headerBytes);
  switch (form.envelope) {
    case "E0":
      return Buffer.concat([whole.subarray(0, headerBytes), gzip(store)]);
    case "E1":
      return gzip(whole);
    case "E2":
      return checked({ version: 2, flags: 0, data: gzip(store) });
    case "E3":
      return checked({ version: 3, flags: 0, data: gzip(store) });
    case "E4":
      return checked({ version: 3, flags: 1, data: Bun.zstdCompressSync(store, { level: 3 }) });
    default:
      return unreachable(form.envelope);
  }
}

/** Copied records need what they needed; the others grow the memory if they must. */
function sizeGuess(snapshot: Snapshot | PiledSnapshot): number {
  return 16_384 + sizeOfMessages(snapshot) + snapshot.channels.length * 300;
}

function sizeOfMessages(snapshot: Snapshot | PiledSnapshot): number {
  if ("pile" in snapshot) return snapshot.pile.whole.length;
  const { messages } = snapshot;
  const whole = messages[0]?.brief?.whole.length;
  return whole ?? messages.reduce((sum, one) => sum + 8 + (one.bytes?.length ?? 300), 0);
}

function writeHeader(sink: Sink, snapshot: Snapshot | PiledSnapshot): void {
  writeBytes(sink, magic);
  writeU32(sink, 1);
  writeU32(sink, snapshot.channels.length);
  writeU64(
    sink,
    "pile" in snapshot ? snapshot.pile.count + snapshot.added.length : snapshot.messages.length,
  );
}

/** Level 1 of this library takes two thirds of the usual level's time for a tenth more bytes. */
function gzip(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  const data = Bun.gzipSync(bytes, { level: 1, library: "libdeflate" });
  // The original writes no hint at the level and "unknown" as the system.
  data[8] = 0;
  data[9] = 0xff;
  return data;
}

function checked(parts: { version: number; flags: number; data: Uint8Array }): Uint8Array {
  const { version, flags, data } = parts;
  const sink = sinkOf(48 + data.length);
  writeBytes(sink, shortMagic);
  writeU32(sink, flags * 0x1_0000 + version);
  writeU64(sink, data.length);
  if (version === 2) writeU32(sink, Bun.hash.crc32(data));
  else writeBytes(sink, blake3(data));
  writeBytes(sink, data);
  return written(sink);
}
