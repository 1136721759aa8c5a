// Messages of a document that stay bytes: each is checked once, as strictly as if it were decoded,
// and decoded whenever somebody looks at it. A hundred thousand records are ten times as large as
// their bytes, and a program that adds one to them looks at none.
import { isAscii } from "node:buffer";
import { type ChannelMessage, messageTypes } from "../core/channels/channel-message.ts";
import type { Brief, Extension, Kept } from "../core/channels/snapshot.ts";
import { type Moment, plainMoment } from "../core/channels/timestamp.ts";
import type { Source } from "./bytes/source.ts";
import { readCount, readCounter, readFlag, readIndex, skipText } from "./bytes/source.ts";
import { skipMetadata } from "./metadata.ts";
import { type MessageCodec, messageCodec, type RecordCodec, readMoment } from "./records.ts";

/** What all messages of one document share. */
interface Whole {
  source: Source;
  codec: RecordCodec<ChannelMessage>;
}

class LazyMessage implements Kept<ChannelMessage>, Brief {
  readonly id: number;
  readonly channelId: number;
  readonly ms: number;
  readonly nanos: number;
  readonly start: number;
  readonly end: number;
  readonly #of: Whole;

  constructor(of: Whole, start: number, id: number, channelId: number, moment: Moment) {
    this.id = id;
    this.channelId = channelId;
    this.ms = moment.ms;
    this.nanos = moment.nanos;
    this.start = start;
    this.end = of.source.at;
    this.#of = of;
  }

  get brief(): Brief {
    return this;
  }

  get whole(): Uint8Array {
    return this.#of.source.bytes;
  }

  get record(): ChannelMessage {
    return this.#decoded().record;
  }

  get extension(): Extension | undefined {
    return this.#decoded().extension;
  }

  get bytes(): Uint8Array {
    return this.whole.subarray(this.start, this.end);
  }

  #decoded(): Kept<ChannelMessage> {
    const { source, codec } = this.#of;
    return codec.read({ ...source, at: this.start });
  }
}

/** For records of `source` and no other one. */
export function lazyMessageCodec(generation: number, source: Source): RecordCodec<ChannelMessage> {
  const codec = messageCodec(generation);
  const of: Whole = { source, codec };
  return {
    ...codec,
    cost: 240,
    read() {
      const start = source.at;
      const id = readCounter(source);
      const channelId = readCounter(source);
      return new LazyMessage(of, start, id, channelId, skipFrom(source, codec));
    },
    skip() {
      readCounter(source);
      readCounter(source);
      skipFrom(source, codec);
    },
  };
}

/** From the sender to the end of the record. */
export function skipFrom(source: Source, codec: MessageCodec): Moment {
  const moment = skipUsual(source) ?? skipAny(source);
  codec.skipExtra(source);
  return moment;
}

/**
 * A message that is all ASCII, and spelled and furnished as most are, in few steps. Undefined, and
 * nowhere further, where it is anything else or damaged.
 */
function skipUsual(source: Source): Moment | undefined {
  const { plain, view } = source;
  const start = source.at;
  try {
    const content = pastOptional(source, pastText(view, start));
    const type = pastText(view, content);
    const time = type + 4;
    const metadata = pastText(view, time);
    const names = pastOptional(source, metadata + 8);
    if (!isNone(view, metadata) || !isNone(view, names)) return undefined;
    if (view.getUint32(type, true) >= messageTypes.length) return undefined;
    // With the lengths and flags between the texts: where all of it is ASCII, so is each text.
    if (!isAscii(plain.subarray(start, names))) return undefined;
    const moment = plainMoment(source, time + 8, metadata - time - 8);
    if (moment !== undefined) source.at = names + 8;
    return moment;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Where an optional text ends; what has no such flag goes beyond the end. */
function pastOptional({ plain, view }: Source, at: number): number {
  const flag = plain[at];
  if (flag === 0) return at + 1;
  return flag === 1 ? pastText(view, at + 1) : plain.length;
}

function isNone(view: DataView, at: number): boolean {
  return view.getUint32(at, true) === 0 && view.getUint32(at + 4, true) === 0;
}

/** Where a text ends that begins with its length at `at`. */
function pastText(view: DataView, at: number): number {
  // Small numbers stay small: with larger ones among them all would be counted as fractions are.
  const end = at + 8 + view.getUint32(at, true);
  return view.getUint32(at + 4, true) === 0 ? end : view.byteLength;
}

/** What every layout has. */
function skipAny(source: Source): Moment {
  skipText(source);
  if (readFlag(source)) skipText(source);
  skipText(source);
  readIndex(source, messageTypes.length);
  const moment = readMoment(source);
  skipMetadata(source);
  if (readFlag(source)) skipText(source);
  for (let left = readCount(source, 8); left > 0; left--) skipText(source);
  return moment;
}
