// Messages of a document that stay bytes: each is checked once, as strictly as if it were decoded,
// and decoded whenever somebody looks at it. A hundred thousand records are ten times as large as
// their bytes, and a program that adds one to them looks at none.
import { isAscii } from "node:buffer";
import { type ChannelMessage, messageTypes } from "../core/channels/channel-message.ts";
import type { Brief, Extension, Kept } from "../core/channels/snapshot.ts";
import type { Moment } from "../core/channels/timestamp.ts";
import { Damage } from "./bytes/damage.ts";
import type { Source } from "./bytes/source.ts";
import { jumpText, readCount, readCounter, readFlag, readIndex, skipText } from "./bytes/source.ts";
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
function skipFrom(source: Source, codec: MessageCodec): Moment {
  const moment = skipPlain(source) ?? skipUsual(source, skipText);
  codec.skipExtra(source);
  return moment;
}

/**
 * Where all of it is ASCII, lengths and flags included, so is each text: one look instead of six.
 * Undefined, and nowhere further, where it is not, or is damaged.
 */
function skipPlain(source: Source): Moment | undefined {
  const start = source.at;
  try {
    const moment = skipUsual(source, jumpText);
    if (isAscii(source.bytes.subarray(start, source.at))) return moment;
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
  }
  source.at = start;
  return undefined;
}

/** What every layout has. */
function skipUsual(source: Source, skip: (source: Source) => unknown): Moment {
  skip(source);
  if (readFlag(source)) skip(source);
  skip(source);
  readIndex(source, messageTypes.length);
  const moment = readMoment(source);
  skipMetadata(source);
  if (readFlag(source)) skip(source);
  for (let left = readCount(source, 8); left > 0; left--) skip(source);
  return moment;
}
