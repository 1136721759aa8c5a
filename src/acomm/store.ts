// A whole store as bytes, without header or wrapping: three maps, three counters and the sections
// that the generation has beyond them.
import {
  type Counters,
  type Extension,
  idOf,
  type Kept,
  type PiledSnapshot,
  type Snapshot,
  unpiled,
} from "../core/channels/snapshot.ts";
import { Damage } from "./bytes/damage.ts";
import type { Sink } from "./bytes/sink.ts";
import { writeBytes, writeU64 } from "./bytes/sink.ts";
import type { Source } from "./bytes/source.ts";
import { readCount, readCounter } from "./bytes/source.ts";
import { codecOf, isExtension } from "./layout/codec.ts";
import { sections } from "./layout/sections.ts";
import { struct } from "./layout/shape.ts";
import { lazyMessageCodec } from "./lazy-message.ts";
import { pileOf } from "./pile.ts";
import type { RecordCodec } from "./records.ts";
import { channelCodec, messageCodec, subscriptionCodec } from "./records.ts";

export type Store = Omit<Snapshot, "form">;

export type PiledStore = Omit<PiledSnapshot, "form">;

export interface ReadManner {
  /** Messages stay bytes. */
  isLazy?: boolean | undefined;
  /** Only whether it can be read: nothing is kept. */
  isTrial?: boolean | undefined;
}

/** Reads to the last byte, or throws `Damage`: what is left over means another layout. */
export function readStore(source: Source, generation: number, how: ReadManner = {}): Store {
  const isTrial = how.isTrial === true;
  return {
    channels: readRecords(source, channelCodec(generation), isTrial),
    messages: readRecords(
      source,
      how.isLazy === true ? lazyMessageCodec(generation, source) : messageCodec(generation),
      isTrial,
    ),
    ...readTail(source, generation, isTrial),
  };
}

/** The same with its messages in one piece; undefined where something is odd about them. */
export function readPiled(source: Source, generation: number): PiledStore | undefined {
  const channels = readRecords(source, channelCodec(generation), false);
  const start = source.at;
  const ids = new Set(channels.map(idOf));
  const read = () => {
    const again = { ...source, at: start };
    return readRecords(again, lazyMessageCodec(generation, again), false);
  };
  const pile = pileOf(source, { generation, channels: ids }, read);
  return pile && { channels, pile, added: [], ...readTail(source, generation, false) };
}

/** What stands behind the messages, to the last byte. */
function readTail(
  source: Source,
  generation: number,
  isTrial: boolean,
): Pick<Store, "subscriptions" | "next" | "rest"> {
  const subscriptions = readRecords(source, subscriptionCodec(), isTrial);
  const next = {
    channel: readCounter(source),
    message: readCounter(source),
    subscription: readCounter(source),
  };
  const rest = generation > 0 ? codecOf(struct(...sections()), generation).read(source) : null;
  const left = source.bytes.length - source.at;
  if (left > 0) throw new Damage(`${left} bytes are left over`);
  return rest !== null && isExtension(rest)
    ? { subscriptions, next, rest }
    : { subscriptions, next };
}

function readRecords<Entry extends { id: number }>(
  source: Source,
  codec: RecordCodec<Entry>,
  isTrial: boolean,
): Kept<Entry>[] {
  const all: Kept<Entry>[] = [];
  // As long as they ascend nobody has to be remembered.
  let ids: Set<number> | undefined;
  let highest = -1;
  const count = readCount(source, keyBytes + codec.smallest);
  checkAffordable(source, count, codec.cost);
  for (let left = count; left > 0; left--) {
    const key = readCounter(source);
    const start = source.at;
    if (isTrial) {
      if (codec.skip === undefined) codec.read(source);
      else codec.skip(source);
      continue;
    }
    const kept = codec.read(source);
    // Another could not be counted after it.
    if (key === Number.MAX_SAFE_INTEGER) throw new Damage("a record has the last id there can be");
    const id = idOf(kept);
    if (id !== key) throw new Damage(`record ${id} stands under id ${key}`);
    if (key <= highest) ids ??= new Set(all.map(idOf));
    if (ids?.has(key)) throw new Damage(`two records have the id ${key}`);
    ids?.add(key);
    highest = Math.max(highest, key);
    all.push(kept.brief ? kept : { ...kept, bytes: source.bytes.subarray(start, source.at) });
  }
  return all;
}

/**
 * Before anything is built of many records: that they do not become many times as large as the
 * document. Legal records never do; but one of fifty bytes may cost a thousand, and a file of a
 * megabyte may unpack to millions of them.
 */
function checkAffordable(source: Source, count: number, cost: number): void {
  if (count * cost <= unquestioned + source.bytes.length * 4) return;
  throw new Damage(`${count} records are more than a document of its size can hold`);
}

const unquestioned = 67_108_864;

export function writeStore(sink: Sink, given: Snapshot | PiledSnapshot, generation: number): void {
  const isSame = given.form.generation === generation;
  const snapshot = isSame ? given : unpiled(given);
  writeRecords(sink, snapshot.channels, channelCodec(generation), isSame);
  if ("pile" in snapshot) {
    const { pile, added } = snapshot;
    writeU64(sink, pile.count + added.length);
    writeBytes(sink, pile.whole.subarray(pile.start, pile.end));
    writeEach(sink, added, messageCodec(generation), isSame);
  } else {
    writeRecords(sink, snapshot.messages, messageCodec(generation), isSame);
  }
  writeRecords(sink, snapshot.subscriptions, subscriptionCodec(), isSame);
  const next = countersOf(snapshot);
  writeU64(sink, next.channel);
  writeU64(sink, next.message);
  writeU64(sink, next.subscription);
  if (generation > 0) {
    const rest: Extension = snapshot.rest ?? {};
    codecOf(struct(...sections()), generation).write(sink, rest);
  }
}

function writeRecords<Entry extends { id: number }>(
  sink: Sink,
  all: readonly Kept<Entry>[],
  codec: RecordCodec<Entry>,
  mayCopy: boolean,
): void {
  writeU64(sink, all.length);
  writeEach(sink, all, codec, mayCopy);
}

function writeEach<Entry extends { id: number }>(
  sink: Sink,
  all: readonly Kept<Entry>[],
  codec: RecordCodec<Entry>,
  mayCopy: boolean,
): void {
  for (let at = 0; at < all.length; at++) {
    const kept = all[at];
    if (kept === undefined) continue;
    const run = mayCopy ? runFrom(all, at) : undefined;
    if (run !== undefined) {
      writeBytes(sink, run.bytes);
      at += run.count - 1;
      continue;
    }
    writeU64(sink, idOf(kept));
    if (mayCopy && kept.bytes !== undefined) writeBytes(sink, kept.bytes);
    else codec.write(sink, kept);
  }
}

/** An id in front of each record of a map. */
const keyBytes = 8;

/** Records that stand one behind the other in their document, with their ids: one piece of it. */
function runFrom<Entry extends { id: number }>(
  all: readonly Kept<Entry>[],
  at: number,
): { bytes: Uint8Array; count: number } | undefined {
  const first = all[at]?.brief;
  if (first === undefined) return undefined;
  const { whole, start } = first;
  let { end } = first;
  let count = 1;
  for (; at + count < all.length; count++) {
    const next = all[at + count]?.brief;
    if (next === undefined || next.whole !== whole || next.start !== end + keyBytes) break;
    end = next.end;
  }
  return { bytes: whole.subarray(start - keyBytes, end), count };
}

/** The next ids, above every id that is in use. */
export function countersOf(store: Store | PiledStore): Counters {
  const { channels, subscriptions, next } = store;
  return {
    channel: above(channels, next.channel),
    message:
      "pile" in store
        ? above(store.added, Math.max(store.pile.highestId + 1, next.message))
        : above(store.messages, next.message),
    subscription: above(subscriptions, next.subscription),
  };
}

function above(all: readonly Kept<{ id: number }>[], next: number): number {
  return all.reduce((counter, kept) => Math.max(counter, idOf(kept) + 1), next);
}
