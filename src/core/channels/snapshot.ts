// A whole store as a value: what a `.acomm` document holds, and what import and export exchange.
// It keeps what our own records have no place for, so that a document that nobody changed can be
// written again exactly as it was.
import type { Json } from "../json.ts";
import { spelledNumber } from "../json-id.ts";
import type { Channel } from "./channel.ts";
import type { ChannelMessage } from "./channel-message.ts";
import type { Subscription } from "./comm-store.ts";
import { channelIs } from "./refusals.ts";
import { type Moment, withOffset } from "./timestamp.ts";

/** How the bytes were wrapped; `E1` with layout 0 is what we write by default. */
export type EnvelopeKind = "E0" | "E1" | "E2" | "E3" | "E4";

/** Which layout of the records: 0 is the first, 12 the newest. */
export interface Form {
  envelope: EnvelopeKind;
  generation: number;
}

export const seedForm: Readonly<Form> = { envelope: "E1", generation: 0 };
export const headForm: Readonly<Form> = { envelope: "E4", generation: 12 };

/**
 * Fields that a layout has beyond the record, in plain JSON. Integers above 2^53-1 and floats that
 * JSON cannot say are texts; the codec knows by its schema which is which.
 */
export type Extension = { readonly [field: string]: Json };

/** The newer layouts say in a field of its own, too, that somebody has acknowledged a message. */
export function acknowledgedIn(extension: Extension | undefined): Extension | undefined {
  return extension?.["status"] === undefined ? extension : { ...extension, status: "Acknowledged" };
}

/** A channel as it is given out, with what its document says beyond our record. */
export function shownChannel({ record, extension }: Kept<Channel>): Channel {
  const shown: Channel = {
    ...record,
    participants: [...record.participants],
    config: { ...record.config },
  };
  const state = stateOf(extension);
  if (state !== undefined) shown.state = state;
  const ttl = extension?.["ttl_seconds"];
  if (typeof ttl === "string" && shown.config.ttl_seconds === Number.MAX_SAFE_INTEGER) {
    // The number that stands there is more than JavaScript counts to; in JSON it is exact.
    const toJSON = () => ({ ...shown.config, ttl_seconds: spelledNumber(ttl) });
    Object.defineProperty(shown.config, "toJSON", { value: toJSON });
  }
  return shown;
}

/** Undefined while a channel is as they usually are. */
export function stateOf(extension: Extension | undefined): string | undefined {
  const state = extension?.["state"];
  return typeof state === "string" && state !== "Active" ? state : undefined;
}

const quiet: ReadonlySet<string> = new Set([
  "Paused",
  "Draining",
  "Closed",
  "Archived",
  "PendingConsent",
]);
const shut: ReadonlySet<string> = new Set(["Closed", "Archived"]);

/** The program that has such states takes no message in one of these. */
export function checkMaySend(id: number, state: string | undefined): void {
  if (state !== undefined && quiet.has(state)) throw channelIs(id, state.toLowerCase());
}

export function checkMayJoin(id: number, state: string | undefined): void {
  if (state !== undefined && shut.has(state)) throw channelIs(id, state.toLowerCase());
}

/** What a later layout says of a message that comes from an earlier one, or from us. */
export function laterFields(record: ChannelMessage): { [name: string]: Json } {
  return {
    status: record.acknowledged_by.length > 0 ? "Acknowledged" : "Sent",
    comm_timestamp: {
      wall_clock: withOffset(record.timestamp),
      lamport: 0,
      vector_clock: [],
    },
  };
}

export interface Kept<Record> {
  record: Record;
  extension?: Extension | undefined;
  /** The record's bytes in a document of the same form. Whoever changes the record drops them. */
  bytes?: Uint8Array | undefined;
  /** Of a message whose record is made out of its bytes each time that somebody asks for it. */
  readonly brief?: Brief | undefined;
}

/** What is known of a message at once. */
export interface Brief extends Moment {
  readonly id: number;
  readonly channelId: number;
  /** The document's bytes, and where in them the record is. */
  readonly whole: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export function idOf(kept: Kept<{ id: number }>): number {
  return kept.brief?.id ?? kept.record.id;
}

export function channelIdOf(kept: Kept<ChannelMessage>): number {
  return kept.brief?.channelId ?? kept.record.channel_id;
}

export interface Counters {
  channel: number;
  message: number;
  subscription: number;
}

export interface Snapshot {
  form: Form;
  /** In the order of the document, which carries no meaning. */
  channels: Kept<Channel>[];
  messages: Kept<ChannelMessage>[];
  subscriptions: Kept<Subscription>[];
  /** The next id of each kind. */
  next: Counters;
  /** The sections that the layout has beyond these. */
  rest?: Extension | undefined;
}

/**
 * The messages of a document in one piece of its bytes. Each was checked as if it had been decoded,
 * and none was: who adds one to a hundred thousand looks at none of them.
 */
export interface Pile {
  /** The document's bytes, and where in them the records with their keys are. */
  readonly whole: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** 0 where there is none. */
  readonly highestId: number;
  readonly latest: Moment | undefined;
  read(): Kept<ChannelMessage>[];
}

/** A snapshot whose older messages nobody has looked at. */
export type PiledSnapshot = Omit<Snapshot, "messages"> & {
  pile: Pile;
  /** Behind those of the pile. */
  added: Kept<ChannelMessage>[];
};

export function unpiled(snapshot: Snapshot | PiledSnapshot): Snapshot {
  if (!("pile" in snapshot)) return snapshot;
  const { pile, added, ...others } = snapshot;
  return { ...others, messages: [...pile.read(), ...added] };
}

export function emptySnapshot(form: Form = seedForm): Snapshot {
  return {
    form,
    channels: [],
    messages: [],
    subscriptions: [],
    next: { channel: 1, message: 1, subscription: 1 },
  };
}
