// How messages of the live store are found. Reading changes nothing; what has outlived its
// channel's time to live is not seen, swept or not.
import type { ChannelMessage, MessageFilter } from "../../../core/channels/channel-message.ts";
import type { CommStats } from "../../../core/channels/comm-store.ts";
import { nanosOf } from "../../../core/channels/timestamp.ts";
import { channelById, channelsIn } from "../../../store/channels/channels.ts";
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
import { channelOf, type Live, spaceOf } from "./live.ts";

export function receive(
  live: Live,
  channelId: number,
  filter: { recipient?: string | undefined; since?: string | undefined },
): ChannelMessage[] {
  const space = spaceOf(live);
  channelOf(live.bus, space, channelId);
  return historyRows(live.bus.db, space, channelId, {
    since: since(live, space, channelId, filter.since),
    recipient: filter.recipient?.toWellFormed(),
  });
}

export function history(live: Live, channelId: number, filter: MessageFilter): ChannelMessage[] {
  const space = spaceOf(live);
  return historyRows(live.bus.db, space, channelId, {
    since: since(live, space, channelId, filter.since),
    before: moment(filter.before),
    sender: filter.sender?.toWellFormed(),
    type: filter.message_type,
    limit: filter.limit,
    isBackwards: filter.order === "desc",
  });
}

export function countIn(live: Live, channelId: number): number {
  const space = spaceOf(live);
  const oldest = since(live, space, channelId, undefined);
  return countInChannel(live.bus.db, space, channelId, oldest);
}

/** The later of what is asked for and what is still there. */
function since(live: Live, space: number, channelId: number, from: string | undefined): bigint {
  const ttl = channelById(live.bus.db, space, channelId)?.config.ttl_seconds ?? 0;
  const oldest = oldestAlive(ttl, live.bus.system.now());
  const wanted = moment(from);
  return wanted === undefined || wanted < oldest ? oldest : wanted;
}

/** A time that is none counts as not given. */
function moment(timestamp: string | undefined): bigint | undefined {
  if (timestamp === undefined || nanosOf(timestamp) === undefined) return undefined;
  return sortKey(timestamp);
}

export function search(live: Live, query: string, limit: number): ChannelMessage[] {
  const lowered = query.toWellFormed().toLowerCase();
  const nowMs = live.bus.system.now();
  return searchMessages(live.bus.db, { space: spaceOf(live), lowered, limit, nowMs });
}

/** The message with its row's number, unless it is not there or no longer. */
export function aliveMessage(
  live: Live,
  messageId: number,
): { seq: number; record: ChannelMessage } | undefined {
  const found = messageById(live.bus.db, spaceOf(live), messageId);
  if (found === undefined) return undefined;
  return found.sortKey < oldestAlive(found.ttl, live.bus.system.now()) ? undefined : found;
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
