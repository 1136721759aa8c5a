// How messages of the live store are found. Reading changes nothing; what has ended by itself is
// not seen, swept or not.
import type { ChannelMessage, MessageFilter } from "../../../core/channels/channel-message.ts";
import type { CommStats, Receiving, Searching } from "../../../core/channels/comm-store.ts";
import { askedMoment } from "../../../core/channels/timestamp.ts";
import { channelById, channelsIn, endsAfterOf } from "../../../store/channels/channels.ts";
import { countMembers } from "../../../store/channels/members.ts";
import {
  countInChannel,
  countMessages,
  history as historyRows,
  messageById,
  oldestAlive,
  sortKey,
} from "../../../store/channels/messages.ts";
import { searchMessages } from "../../../store/channels/search.ts";
import { subscriptionsIn } from "../../../store/channels/subscriptions.ts";
import { type Live, roomOf, spaceOf } from "./live.ts";

export function receive(live: Live, channelId: number, filter: Receiving): ChannelMessage[] {
  const space = spaceOf(live);
  roomOf(live.bus, space, channelId);
  return historyRows(live.bus.db, space, channelId, {
    since: since(live, space, channelId, filter),
    recipient: filter.recipient?.toWellFormed(),
  });
}

export function history(live: Live, channelId: number, filter: MessageFilter): ChannelMessage[] {
  const space = spaceOf(live);
  return historyRows(live.bus.db, space, channelId, {
    since: since(live, space, channelId, filter),
    before: asked(filter.before, "before"),
    sender: filter.sender?.toWellFormed(),
    type: filter.message_type,
    limit: filter.limit,
    isBackwards: filter.order === "desc",
  });
}

export function countIn(live: Live, channelId: number): number {
  const space = spaceOf(live);
  const oldest = since(live, space, channelId, {});
  return countInChannel(live.bus.db, space, channelId, oldest);
}

/** The later of what is asked for and what is still there. */
function since(live: Live, space: number, channelId: number, filter: Receiving): bigint {
  const { db, system } = live.bus;
  const lives = filter.live
    ? channelById(db, space, channelId)?.config.ttl_seconds
    : endsAfterOf(db, space, channelId);
  const oldest = oldestAlive(lives ?? 0, system.now());
  const wanted = asked(filter.since, "since");
  return wanted === undefined || wanted < oldest ? oldest : wanted;
}

/** A time that is none counts as not given. */
function asked(timestamp: string | undefined, name: string): bigint | undefined {
  if (timestamp === undefined || askedMoment(timestamp, name) === undefined) return undefined;
  return sortKey(timestamp);
}

export function search(
  live: Live,
  query: string,
  { limit, live: isLive = false }: Searching & { limit: number },
): ChannelMessage[] {
  const lowered = query.toWellFormed().toLowerCase();
  const nowMs = live.bus.system.now();
  return searchMessages(live.bus.db, { space: spaceOf(live), lowered, limit, nowMs, isLive });
}

/** The message with its row's number, unless it is not there or no longer. */
export function aliveMessage(
  live: Live,
  messageId: number,
): { seq: number; record: ChannelMessage } | undefined {
  const found = messageById(live.bus.db, spaceOf(live), messageId);
  if (found === undefined) return undefined;
  return found.sortKey < oldestAlive(found.endsAfter, live.bus.system.now()) ? undefined : found;
}

export function statsOf(live: Live): CommStats {
  const { db, system } = live.bus;
  const space = spaceOf(live);
  return {
    channel_count: channelsIn(db, space).length,
    message_count: countMessages(db, space, system.now()),
    subscription_count: subscriptionsIn(db, space).length,
    total_participants: countMembers(db, space),
  };
}
