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
  type Pile,
  type PiledSnapshot,
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

export interface Mail {
  readonly messages: Map<number, Entry>;
  readonly log: MessageLog;
  /** By channel. A document may hold messages of channels that it does not have. */
  readonly logs: Map<number, MessageLog>;
}

/** The maps keep the order of the document, which a snapshot gives back. */
export interface MemoryState {
  readonly deps: MemoryDeps;
  readonly form: Form;
  rest: Extension | undefined;
  readonly channels: Map<number, HeldChannel>;
  /** Pub/sub channels by name; of several the one with the lowest id. */
  readonly topics: Map<string, HeldChannel>;
  /** Without those of the pile: ask `mailOf`. */
  mail: Mail;
  /** Older messages, as long as nobody has asked for one. */
  pile: Pile | undefined;
  readonly subscriptions: Map<number, HeldSubscription>;
  readonly next: Counters;
  isChanged: boolean;
}

export function stateOf(deps: MemoryDeps, from: Snapshot | PiledSnapshot): MemoryState {
  const isPiled = "pile" in from;
  const state: MemoryState = {
    deps,
    form: from.form,
    rest: from.rest,
    channels: new Map(),
    topics: new Map(),
    mail: noMail(),
    pile: isPiled ? from.pile : undefined,
    subscriptions: new Map(),
    next: { ...from.next },
    isChanged: false,
  };
  for (const kept of from.channels) holdChannel(state, kept);
  for (const kept of isPiled ? from.added : from.messages) holdMessage(state, entryOf(kept));
  for (const kept of from.subscriptions) holdSubscription(state, kept);
  return state;
}

function noMail(): Mail {
  return { messages: new Map(), log: emptyLog(), logs: new Map() };
}

/** All messages: what was one piece until now is read. */
export function mailOf(state: MemoryState): Mail {
  const { pile } = state;
  if (pile === undefined) return state.mail;
  const added = [...state.mail.messages.values()];
  state.pile = undefined;
  state.mail = noMail();
  for (const kept of pile.read()) holdMessage(state, entryOf(kept));
  for (const entry of added) holdMessage(state, entry);
  return state.mail;
}

function entryOf(kept: Kept<ChannelMessage>): Entry {
  // A time that cannot be read is as old as can be.
  const { ms, nanos } = kept.brief ?? momentOf(kept.record.timestamp) ?? { ms: 0, nanos: 0 };
  return { kept, ms, nanos, isGone: false };
}

export function snapshotOf(state: MemoryState): Snapshot {
  const messages = keptIn(mailOf(state));
  return { ...withoutMessages(state), messages };
}

/** The same, with what nobody has looked at in one piece. */
export function piledOf(state: MemoryState): Snapshot | PiledSnapshot {
  const { pile } = state;
  if (pile === undefined) return snapshotOf(state);
  return { ...withoutMessages(state), pile, added: keptIn(state.mail) };
}

function keptIn({ messages }: Mail): Kept<ChannelMessage>[] {
  return Array.from(messages.values(), (entry) => entry.kept);
}

function withoutMessages(state: MemoryState): Omit<Snapshot, "messages"> {
  return {
    form: state.form,
    channels: [...state.channels.values()].map(({ record, extension, bytes }) => ({
      record: copyOfChannel(record),
      extension,
      bytes,
    })),
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
  const { messages, log, logs } = state.mail;
  messages.set(id, entry);
  append(log, entry);
  append(logOf(logs, channelIdOf(entry.kept)), entry);
  if (state.next.message <= id) state.next.message = id + 1;
}

export function holdSubscription(state: MemoryState, kept: Kept<Subscription>): void {
  const { id, topic } = kept.record;
  state.subscriptions.set(id, { kept, isPattern: isTopicPattern(topic) });
  state.next.subscription = Math.max(state.next.subscription, id + 1);
}

function logOf(logs: Mail["logs"], channelId: number): MessageLog {
  const known = logs.get(channelId);
  if (known !== undefined) return known;
  const log = emptyLog();
  logs.set(channelId, log);
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
  // What was added is later than what lies in the pile.
  const last = ordered(state.mail.log).at(-1) ?? state.pile?.latest;
  if (last === undefined || last.ms <= now + furthestAheadMs) return momentAfter(last, now);
  const entries = ordered(mailOf(state).log);
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
  if (oldest === Number.NEGATIVE_INFINITY) return [];
  const log = mailOf(state).logs.get(channelId);
  if (log === undefined) return [];
  const entries = ordered(log);
  const end = entries.findIndex((entry) => entry.ms >= oldest);
  // A channel's log loses its beginning only, so what is gone is in front.
  return entries.slice(log.gone, end === -1 ? entries.length : Math.max(end, log.gone));
}

/** The first ones of their channel. */
export function removeEntries(state: MemoryState, entries: readonly Entry[]): void {
  const { messages, log, logs } = mailOf(state);
  for (const entry of entries) {
    entry.isGone = true;
    messages.delete(idOf(entry.kept));
    const own = logs.get(channelIdOf(entry.kept));
    if (own !== undefined) own.gone++;
  }
  log.gone += entries.length;
  if (entries.length > 0) state.isChanged = true;
}
