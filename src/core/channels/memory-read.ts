// How messages of a store in memory are found. Reading changes nothing. What has outlived its
// channel's time to live is seen like anything else, unless it is asked for without, or the store
// is one where messages end by themselves.
import type { ChannelMessage, MessageFilter } from "./channel-message.ts";
import { type CommStats, contentMatches, type Receiving, type Searching } from "./comm-store.ts";
import { type Entry, firstAfter, firstFrom, ordered } from "./memory-log.ts";
import { copyOfMessage, type MemoryState, mailOf, oldestSeen } from "./memory-state.ts";
import { channelNotFound } from "./refusals.ts";
import { channelIdOf } from "./snapshot.ts";
import { askedMoment } from "./timestamp.ts";
import { wellFormed } from "./verbs.ts";

export function receive(
  state: MemoryState,
  channelId: number,
  filter: Receiving,
): ChannelMessage[] {
  if (!state.channels.has(channelId)) throw channelNotFound(channelId);
  const recipient = filter.recipient === undefined ? undefined : wellFormed(filter.recipient);
  const isFor = (record: ChannelMessage) =>
    recipient === undefined || record.recipient === null || record.recipient === recipient;
  return firstOf(aliveBetween(state, channelId, filter), isFor, {});
}

export function history(
  state: MemoryState,
  channelId: number,
  filter: MessageFilter,
): ChannelMessage[] {
  const sender = filter.sender === undefined ? undefined : wellFormed(filter.sender);
  const matches = (record: ChannelMessage) =>
    (sender === undefined || record.sender === sender) &&
    (filter.message_type === undefined || record.message_type === filter.message_type);
  return firstOf(aliveBetween(state, channelId, filter), matches, filter);
}

export function countIn(state: MemoryState, channelId: number): number {
  const { from, to } = aliveBetween(state, channelId, {});
  return to - from;
}

export function search(
  state: MemoryState,
  query: string,
  { limit, live }: Searching & { limit: number },
): ChannelMessage[] {
  const lowered = wellFormed(query).toLowerCase();
  const oldest = new Map<number, number>();
  for (const id of state.channels.keys()) oldest.set(id, oldestSeen(state, id, live));
  const entries = ordered(mailOf(state).log);
  const found: ChannelMessage[] = [];
  for (let at = entries.length - 1; at >= 0 && found.length < limit; at--) {
    const entry = entries[at];
    if (entry === undefined || entry.isGone) continue;
    const { record } = entry.kept;
    if (!contentMatches(record.content, lowered)) continue;
    if (entry.ms < (oldest.get(record.channel_id) ?? Number.NEGATIVE_INFINITY)) continue;
    found.push(copyOfMessage(record));
  }
  return found;
}

/** The message unless it is not there or no longer. */
export function aliveEntry(state: MemoryState, messageId: number): Entry | undefined {
  const entry = mailOf(state).messages.get(messageId);
  if (entry === undefined) return undefined;
  const oldest = oldestSeen(state, channelIdOf(entry.kept));
  return entry.ms < oldest ? undefined : entry;
}

export function statsOf(state: MemoryState): CommStats {
  let messages = 0;
  for (const channelId of mailOf(state).logs.keys()) messages += countIn(state, channelId);
  let participants = 0;
  for (const { record } of state.channels.values()) participants += record.participants.length;
  return {
    channel_count: state.channels.size,
    message_count: messages,
    subscription_count: state.subscriptions.size,
    total_participants: participants,
  };
}

/** Part of a log, which is too long to be copied for a page of it. */
interface Span {
  entries: readonly Entry[];
  from: number;
  /** Exclusive. Before `from` when nothing is in it. */
  to: number;
}

/** Both ends are inclusive; one that is no time is none. */
function aliveBetween(
  state: MemoryState,
  channelId: number,
  asked: Pick<MessageFilter, "since" | "before" | "live">,
): Span {
  const since = askedMoment(asked.since, "since");
  const before = askedMoment(asked.before, "before");
  const log = mailOf(state).logs.get(channelId);
  if (log === undefined) return { entries: [], from: 0, to: 0 };
  const entries = ordered(log);
  const oldest = { ms: oldestSeen(state, channelId, asked.live), nanos: 0 };
  const from = Math.max(
    // What is gone is in front, see `outlived`.
    log.gone,
    firstFrom(entries, oldest),
    since === undefined ? 0 : firstFrom(entries, since),
  );
  const to = before === undefined ? entries.length : firstAfter(entries, before);
  return { entries, from, to };
}

function firstOf(
  { entries, from, to }: Span,
  matches: (record: ChannelMessage) => boolean,
  { order, limit = Number.POSITIVE_INFINITY }: Pick<MessageFilter, "order" | "limit">,
): ChannelMessage[] {
  const found: ChannelMessage[] = [];
  for (let step = 0; step < to - from && found.length < limit; step++) {
    const record = entries[order === "desc" ? to - 1 - step : from + step]?.kept.record;
    if (record !== undefined && matches(record)) found.push(copyOfMessage(record));
  }
  return found;
}
