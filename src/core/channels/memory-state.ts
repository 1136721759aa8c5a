// What a store in memory consists of, how it comes out of a snapshot and becomes one again, how
// messages get their times, and how those end that have outlived their channel's time to live.
import type { Channel } from "./channel.ts";
import type { ChannelMessage } from "./channel-message.ts";
import type { Subscription } from "./comm-store.ts";
import {
  append,
  type Entry,
  emptyLog,
  firstAfter,
  type MessageLog,
  ordered,
} from "./memory-log.ts";
import {
  type Counters,
  channelIdOf,
  stateOf as channelState,
  type Extension,
  type Form,
  idOf,
  type Kept,
  type Snapshot,
} from "./snapshot.ts";
import { furthestAheadMs, type Moment, momentAfter, momentOf } from "./timestamp.ts";
import { isTopicPattern } from "./topic.ts";

export interface MemoryDeps {
  /** Milliseconds since 1970. */
  now(): number;
  /** Lower-case hex of the text's UTF-8. */
  sha256(text: string): string;
  /**
   * Messages end by themselves when their channel's time to live is over, as in the live store.
   * Otherwise that is a number which others wrote down: only `expireMessages` acts on it.
   */
  endsByItself?: boolean;
}

/** The record is the store's own and is changed in place. */
export interface HeldChannel extends Kept<Channel> {
  members: Set<string>;
  state: string | undefined;
}

export interface HeldSubscription {
  kept: Kept<Subscription>;
  isPattern: boolean;
}

/** The maps keep the order of the document, which a snapshot gives back. */
export interface MemoryState {
  readonly deps: MemoryDeps;
  readonly form: Form;
  rest: Extension | undefined;
  readonly channels: Map<number, HeldChannel>;
  /** Pub/sub channels by name; of several the one with the lowest id. */
  readonly topics: Map<string, HeldChannel>;
  readonly messages: Map<number, Entry>;
  readonly log: MessageLog;
  /** By channel. A document may hold messages of channels that it does not have. */
  readonly logs: Map<number, MessageLog>;
  readonly subscriptions: Map<number, HeldSubscription>;
  readonly next: Counters;
  isChanged: boolean;
}

export function stateOf(deps: MemoryDeps, from: Snapshot): MemoryState {
  const state: MemoryState = {
    deps,
    form: from.form,
    rest: from.rest,
    channels: new Map(),
    topics: new Map(),
    messages: new Map(),
    log: emptyLog(),
    logs: new Map(),
    subscriptions: new Map(),
    next: { ...from.next },
    isChanged: false,
  };
  for (const kept of from.channels) holdChannel(state, kept);
  for (const kept of from.messages) {
    // A time that cannot be read is as old as can be.
    const { ms, nanos } = kept.brief ?? momentOf(kept.record.timestamp) ?? { ms: 0, nanos: 0 };
    holdMessage(state, { kept, ms, nanos, isGone: false });
  }
  for (const kept of from.subscriptions) holdSubscription(state, kept);
  return state;
}

export function snapshotOf(state: MemoryState): Snapshot {
  return {
    form: state.form,
    channels: [...state.channels.values()].map(({ record, extension, bytes }) => ({
      record: copyOfChannel(record),
      extension,
      bytes,
    })),
    messages: Array.from(state.messages.values(), (entry) => entry.kept),
    subscriptions: [...state.subscriptions.values()].map((held) => held.kept),
    next: { ...state.next },
    rest: state.rest,
  };
}

export function holdChannel(state: MemoryState, kept: Kept<Channel>): HeldChannel {
  const record = copyOfChannel(kept.record);
  const members = new Set(record.participants);
  const held = { ...kept, record, members, state: channelState(kept.extension) };
  state.channels.set(record.id, held);
  if (record.channel_type === "PubSub") {
    const known = state.topics.get(record.name);
    if (known === undefined || known.record.id > record.id) state.topics.set(record.name, held);
  }
  state.next.channel = Math.max(state.next.channel, record.id + 1);
  return held;
}

export function holdMessage(state: MemoryState, entry: Entry): void {
  const id = idOf(entry.kept);
  state.messages.set(id, entry);
  append(state.log, entry);
  append(logOf(state, channelIdOf(entry.kept)), entry);
  if (state.next.message <= id) state.next.message = id + 1;
}

export function holdSubscription(state: MemoryState, kept: Kept<Subscription>): void {
  const { id, topic } = kept.record;
  state.subscriptions.set(id, { kept, isPattern: isTopicPattern(topic) });
  state.next.subscription = Math.max(state.next.subscription, id + 1);
}

function logOf(state: MemoryState, channelId: number): MessageLog {
  const known = state.logs.get(channelId);
  if (known !== undefined) return known;
  const log = emptyLog();
  state.logs.set(channelId, log);
  return log;
}

function copyOfChannel(record: Channel): Channel {
  return {
    ...record,
    participants: [...record.participants],
    config: { ...record.config },
  };
}

export function copyOfMessage(record: ChannelMessage): ChannelMessage {
  return {
    ...record,
    metadata: { ...record.metadata },
    acknowledged_by: [...record.acknowledged_by],
  };
}

/** The moment of the next message: later than all that are there, see `momentAfter`. */
export function nextMoment(state: MemoryState): Moment {
  const now = state.deps.now();
  const entries = ordered(state.log);
  const last = entries.at(-1);
  if (last === undefined || last.ms <= now + furthestAheadMs) return momentAfter(last, now);
  const at = firstAfter(entries, { ms: now + furthestAheadMs, nanos: 0 });
  return momentAfter(entries[at - 1], now);
}

/** The millisecond before which the channel's messages are over. */
function oldestAlive(state: MemoryState, channelId: number): number {
  const ttl = state.channels.get(channelId)?.record.config.ttl_seconds ?? 0;
  return ttl === 0 ? Number.NEGATIVE_INFINITY : state.deps.now() - ttl * 1000;
}

/** The millisecond before which they are not seen. */
export function oldestSeen(state: MemoryState, channelId: number, isLive = false): number {
  const isHidden = isLive || state.deps.endsByItself === true;
  return isHidden ? oldestAlive(state, channelId) : Number.NEGATIVE_INFINITY;
}

/** Where messages end by themselves. */
export function sweepChannel(state: MemoryState, channelId: number): void {
  if (state.deps.endsByItself === true) removeEntries(state, outlived(state, channelId));
}

/** What has outlived the channel's time to live, oldest first. */
export function outlived(state: MemoryState, channelId: number): readonly Entry[] {
  const oldest = oldestAlive(state, channelId);
  const log = state.logs.get(channelId);
  if (log === undefined || oldest === Number.NEGATIVE_INFINITY) return [];
  const entries = ordered(log);
  const end = entries.findIndex((entry) => entry.ms >= oldest);
  // A channel's log loses its beginning only, so what is gone is in front.
  return entries.slice(log.gone, end === -1 ? entries.length : Math.max(end, log.gone));
}

/** The first ones of their channel. */
export function removeEntries(state: MemoryState, entries: readonly Entry[]): void {
  for (const entry of entries) {
    entry.isGone = true;
    state.messages.delete(idOf(entry.kept));
    const log = state.logs.get(channelIdOf(entry.kept));
    if (log !== undefined) log.gone++;
  }
  state.log.gone += entries.length;
  if (entries.length > 0) state.isChanged = true;
}
