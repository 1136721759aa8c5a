// Channels, messages and subscriptions as bytes. Every record of a file goes through here, so it is
// written out by hand; what layouts have beyond our records is data, in `layout/fields.ts`.
import type { Channel, ChannelType } from "../core/channels/channel.ts";
import { channelTypes } from "../core/channels/channel.ts";
import type { ChannelMessage, MessageType } from "../core/channels/channel-message.ts";
import { messageTypes } from "../core/channels/channel-message.ts";
import type { Subscription } from "../core/channels/comm-store.ts";
import { type Extension, type Kept, laterFields } from "../core/channels/snapshot.ts";
import { type Moment, momentOf, plainMoment } from "../core/channels/timestamp.ts";
import type { Json } from "../core/json.ts";
import { Damage } from "./bytes/damage.ts";
import type { Sink } from "./bytes/sink.ts";
import { writeFlag, writeText, writeU32, writeU64 } from "./bytes/sink.ts";
import type { Source } from "./bytes/source.ts";
import {
  readCount,
  readCounter,
  readFlag,
  readIndex,
  readText,
  readU32,
  readU64,
} from "./bytes/source.ts";
import { codecOf, isExtension } from "./layout/codec.ts";
import { channelFields, messageFields, typesOfChannels } from "./layout/fields.ts";
import type { Codec } from "./layout/scalars.ts";
import { type Field, hasVariant, struct } from "./layout/shape.ts";
import { readMetadata, writeMetadata } from "./metadata.ts";

export interface RecordCodec<Entry extends { id: number }> {
  /** The least number of bytes that a record takes. */
  readonly smallest: number;
  /** About how many bytes of memory one takes, with nothing long in it. */
  readonly cost: number;
  read(source: Source): Kept<Entry>;
  /** As strict as reading it, where there is a way that makes nothing. */
  skip?(source: Source): void;
  /** The record and its extension; bytes that were kept are the caller's to use. */
  write(sink: Sink, kept: Kept<Entry>): void;
}

export function channelCodec(generation: number): RecordCodec<Channel> {
  const extra = beyond(channelFields, generation);
  const type = codecOf(typesOfChannels, generation);
  return {
    smallest: 50,
    cost: 900,
    read(source) {
      const id = readCounter(source);
      const name = readText(source);
      const typeName = type.read(source);
      const known = channelTypes.find((one) => one === typeName);
      const created_at = readTime(source);
      const participants = readTexts(source);
      const max_participants = readU32(source);
      const ttl = readU64(source);
      const config = {
        max_participants,
        ttl_seconds: typeof ttl === "number" ? ttl : Number.MAX_SAFE_INTEGER,
        persistence: readFlag(source),
        encryption_required: readFlag(source),
      };
      const channel_type: ChannelType = known ?? strangerType;
      const record = { id, name, channel_type, created_at, participants, config };
      const strange: { [name: string]: Json } = {};
      if (known === undefined) strange["channel_type"] = typeName;
      if (typeof ttl === "string") strange["ttl_seconds"] = ttl;
      return withExtension(record, strange, extra?.read(source) ?? {});
    },
    write(sink, { record, extension }) {
      writeU64(sink, record.id);
      writeText(sink, record.name);
      type.write(sink, typeOf(record, extension, generation));
      writeText(sink, record.created_at);
      writeTexts(sink, record.participants);
      writeU32(sink, record.config.max_participants);
      ttlCodec.write(sink, ttlOf(record, extension));
      writeFlag(sink, record.config.persistence);
      writeFlag(sink, record.config.encryption_required);
      extra?.write(sink, extension ?? {});
    },
  };
}

/** What a layout has beyond our records; the first one has nothing. */
function beyond(fields: readonly Field[], generation: number): Codec | undefined {
  return generation > 0 ? codecOf(struct(...fields), generation) : undefined;
}

const ttlCodec = codecOf({ kind: "u64" }, 0);

/** What our channels have instead of the later types, which none of our rules knows. */
const strangerType = "Group";

function typeOf(record: Channel, extension: Extension | undefined, generation: number): Json {
  const stranger = extension?.["channel_type"];
  const isKept = record.channel_type === strangerType && typeof stranger === "string";
  return isKept && hasVariant(typesOfChannels, stranger, generation)
    ? stranger
    : record.channel_type;
}

function ttlOf({ config }: Channel, extension: Extension | undefined): Json {
  const kept = extension?.["ttl_seconds"];
  return config.ttl_seconds === Number.MAX_SAFE_INTEGER && kept !== undefined
    ? kept
    : config.ttl_seconds;
}

function withExtension<Entry>(record: Entry, strange: Extension, extra: Json): Kept<Entry> {
  const extension = isExtension(extra) ? { ...strange, ...extra } : strange;
  for (const _ in extension) return { record, extension };
  return { record };
}

export interface MessageCodec extends RecordCodec<ChannelMessage> {
  /** Past what the layout has beyond the plain message. */
  skipExtra(source: Source): void;
}

export function messageCodec(generation: number): MessageCodec {
  const extra = beyond(messageFields, generation);
  return {
    smallest: 62,
    cost: 800,
    skipExtra(source) {
      extra?.read(source);
    },
    read(source) {
      const id = readCounter(source);
      const channel_id = readCounter(source);
      const sender = readText(source);
      const recipient = readFlag(source) ? readText(source) : null;
      const content = readText(source);
      const message_type: MessageType =
        messageTypes[readIndex(source, messageTypes.length)] ?? "Text";
      const timestamp = readTime(source);
      const { metadata, order } = readMetadata(source);
      const signature = readFlag(source) ? readText(source) : null;
      const acknowledged_by = readTexts(source);
      const record: ChannelMessage = {
        id,
        channel_id,
        sender,
        recipient,
        content,
        message_type,
        timestamp,
        metadata,
        signature,
        acknowledged_by,
      };
      if (order !== undefined) {
        const strange = { metadata_order: order };
        return withExtension(record, strange, extra?.read(source) ?? {});
      }
      if (extra === undefined) return { record };
      const extension = extra.read(source);
      return isExtension(extension) ? { record, extension } : { record };
    },
    write(sink, { record, extension }) {
      writeU64(sink, record.id);
      writeU64(sink, record.channel_id);
      writeText(sink, record.sender);
      writeOptional(sink, record.recipient);
      writeText(sink, record.content);
      writeU32(sink, messageTypes.indexOf(record.message_type));
      writeText(sink, record.timestamp);
      writeMetadata(sink, record.metadata, extension?.["metadata_order"]);
      writeOptional(sink, record.signature);
      writeTexts(sink, record.acknowledged_by);
      extra?.write(sink, { ...laterFields(record), ...extension });
    },
  };
}

export function subscriptionCodec(): RecordCodec<Subscription> {
  return {
    smallest: 32,
    cost: 500,
    read(source) {
      const id = readCounter(source);
      const topic = readText(source);
      const subscriber = readText(source);
      const created_at = readTime(source);
      return { record: { id, topic, subscriber, created_at } };
    },
    write(sink, { record }) {
      writeU64(sink, record.id);
      writeText(sink, record.topic);
      writeText(sink, record.subscriber);
      writeText(sink, record.created_at);
    },
  };
}

/** What `readTime` reads, as a moment; most are spelled as programs of this kind spell them. */
export function readMoment(source: Source): Moment {
  const start = source.at;
  const length = readCount(source, 1);
  const moment = plainMoment(source, source.at, length);
  if (moment !== undefined) {
    source.at += length;
    return moment;
  }
  source.at = start;
  return momentOf(readTime(source)) ?? { ms: 0, nanos: 0 };
}

function readTime(source: Source): string {
  const text = readText(source);
  if (momentOf(text) === undefined) {
    throw new Damage("a text is no RFC 3339 time where one must stand");
  }
  return text;
}

function readTexts(source: Source): string[] {
  const texts: string[] = [];
  for (let left = readCount(source, 8); left > 0; left--) texts.push(readText(source));
  return texts;
}

function writeTexts(sink: Sink, texts: readonly string[]): void {
  writeU64(sink, texts.length);
  for (const text of texts) writeText(sink, text);
}

function writeOptional(sink: Sink, text: string | null): void {
  writeFlag(sink, text !== null);
  if (text !== null) writeText(sink, text);
}
