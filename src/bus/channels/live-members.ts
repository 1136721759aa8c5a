// Readers of the live store: how soon each wants to hear, what it has not read yet, and who is
// behind a name.
import type { Channel, ChannelType } from "../../core/channels/channel.ts";
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import { notInChannel } from "../../core/channels/refusals.ts";
import { topicMatches } from "../../core/channels/topic.ts";
import type { WakePolicy } from "../../core/channels/wake-policy.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import {
  channelById,
  channelByName,
  channelsIn,
  endsAfterOf,
  idsOfName,
} from "../../store/channels/channels.ts";
import {
  isMember,
  memberCursor,
  membershipsOf,
  readerCursor,
  setMemberCursor,
  setMemberPrincipal,
  setMemberWake,
  setReaderCursor,
} from "../../store/channels/members.ts";
import { oldestAlive } from "../../store/channels/messages.ts";
import { countersOf, findSpace } from "../../store/channels/spaces.ts";
import {
  type OwnSubscription,
  setSubscriptionWake,
  subscriptionsBy,
  subscriptionsOfPrincipal,
} from "../../store/channels/subscriptions.ts";
import { countUnread, type ReadMark, unreadMessages } from "../../store/channels/unread.ts";
import { findInstance } from "../agents/identity.ts";
import type { Bus } from "../bus.ts";
import { roomOf } from "./live/live.ts";

/** Somebody in a channel; `space` is the key. */
export interface Seat {
  space: string;
  channelId: number;
  participant: string;
}

/** By id when it is a number and there is such a channel, else by name, the lowest id first. */
export function findChannel(bus: Bus, space: string, nameOrId: string): Channel | undefined {
  const id = findSpace(bus.db, space) ?? 0;
  const byId = /^\d+$/.test(nameOrId) ? channelById(bus.db, id, Number(nameOrId)) : undefined;
  if (byId !== undefined) return byId;
  const named = idsOfName(bus.db, id, nameOrId);
  if (named.length < 2) return channelByName(bus.db, id, nameOrId);
  throw new Refusal({
    code: "ambiguous_channel",
    message: `${named.length} channels are called ${nameOrId}: ${named.join(", ")}`,
    hint: "say which one by its number",
  });
}

/** Lowest first; names need not be unique. */
export function channelIdsNamed(bus: Bus, space: string, name: string): number[] {
  return idsOfName(bus.db, findSpace(bus.db, space) ?? 0, name);
}

export function setWake(bus: Bus, seat: Seat, wake: WakePolicy): void {
  changeSeat(bus, seat, (place) => setMemberWake(bus.db, place, wake));
}

/** From now on the principal is who acts under that name. */
export function bindMember(bus: Bus, seat: Seat & { principal: string }): void {
  changeSeat(bus, seat, (place) => setMemberPrincipal(bus.db, place, seat.principal));
}

function changeSeat(
  bus: Bus,
  seat: Seat,
  change: (place: { space: number; channel: number; participant: string }) => boolean,
): void {
  bus.db.write(() => {
    const space = findSpace(bus.db, seat.space) ?? 0;
    roomOf(bus, space, seat.channelId);
    const isThere = change({ space, channel: seat.channelId, participant: seat.participant });
    if (!isThere) throw notInChannel(seat.participant, seat.channelId);
  });
}

/** For all subscriptions of that subscriber to exactly that topic or pattern. */
export function setTopicWake(
  bus: Bus,
  which: { space: string; subscriber: string; topic: string },
  wake: WakePolicy,
): void {
  const changed = bus.db.write(() =>
    setSubscriptionWake(bus.db, findSpace(bus.db, which.space) ?? 0, which, wake),
  );
  if (changed > 0) return;
  throw new Refusal({
    code: "not_subscribed",
    message: `'${which.subscriber}' is not subscribed to ${which.topic}`,
    exit: exitCode.notFound,
  });
}

/**
 * What came after the reader's cursor and is for it or for everybody, oldest first, without its
 * own; and how many there are in all. Who listens to a topic reads its channel without being in it.
 */
export function unreadOf(
  bus: Bus,
  seat: Seat,
  limit: number,
): { messages: ChannelMessage[]; total: number } {
  return bus.db.read(() => {
    const reading = readingOf(bus, seat);
    return {
      messages: unreadMessages(bus.db, reading, limit),
      total: countUnread(bus.db, reading),
    };
  });
}

/** Nothing is unread: later looks need not begin so far back. */
export function rest(bus: Bus, seat: Seat): void {
  bus.db.write(() => {
    if (unreadOf(bus, seat, 1).total > 0) return;
    const newest = countersOf(bus.db, findSpace(bus.db, seat.space) ?? 0).message - 1;
    moveCursor(bus, seat, newest);
  });
}

/** Up to that message all is read. It only moves forward. */
export function moveCursor(bus: Bus, seat: Seat, messageId: number): void {
  bus.db.write(() => {
    const reading = readingOf(bus, seat);
    if (reading.isMember) setMemberCursor(bus.db, reading, messageId);
    else setReaderCursor(bus.db, reading, messageId);
  });
}

function readingOf(bus: Bus, seat: Seat): ReadMark & { isMember: boolean } {
  const { db } = bus;
  const space = findSpace(db, seat.space) ?? 0;
  const channel = roomOf(bus, space, seat.channelId);
  const { participant } = seat;
  const principal = findInstance(bus, participant)?.principal ?? null;
  const place = { space, channel: channel.id, participant, principal };
  const oldest = oldestIn(bus, space, channel);
  const cursor = memberCursor(db, place);
  if (cursor !== undefined) return { ...place, cursor, isMember: true, oldest };
  const matching = subscriptionsBy(db, space, { subscriber: participant, topic: channel.name });
  const first = matching.find((one) => topicMatches(one.topic, channel.name));
  if (channel.channel_type !== "PubSub" || first === undefined) {
    throw notInChannel(participant, channel.id);
  }
  const read = Math.max(first.cursor, readerCursor(db, place));
  return { ...place, cursor: read, isMember: false, oldest };
}

function oldestIn(bus: Bus, space: number, channel: Pick<Channel, "id">): bigint {
  return oldestAlive(endsAfterOf(bus.db, space, channel.id), bus.system.now());
}

/** Seconds after which messages of a channel end by themselves; 0 = never. */
export function endsAfter(bus: Bus, space: string, channelId: number): number {
  return endsAfterOf(bus.db, findSpace(bus.db, space) ?? 0, channelId);
}

export interface SeatShown {
  space: string;
  channel: { id: number; name: string; type: ChannelType };
  participant: string;
  wake: WakePolicy;
  unread: number;
}

export interface Listening {
  space: string;
  id: number;
  topic: string;
  subscriber: string;
  wake: WakePolicy;
  /** In channels that the subscriber is no member of. */
  unread: number;
}

/** Where a principal is a member, and what it has subscribed to. */
export function channelsOf(
  bus: Bus,
  principal: string,
): { memberships: SeatShown[]; subscriptions: Listening[] } {
  return bus.db.read(() => ({
    memberships: membershipsOf(bus.db, principal).map((one) => ({
      space: one.spaceKey,
      channel: { id: one.channel, name: one.name, type: one.type },
      participant: one.participant,
      wake: one.wake,
      unread: countUnread(bus.db, {
        ...one,
        principal,
        oldest: oldestAlive(one.endsAfter, bus.system.now()),
      }),
    })),
    subscriptions: subscriptionsOfPrincipal(bus.db, principal).map((one) => ({
      space: one.spaceKey,
      id: one.id,
      topic: one.topic,
      subscriber: one.subscriber,
      wake: one.wake,
      unread: unreadOfSubscription(bus, one, principal),
    })),
  }));
}

/** What is a member's to read is counted there. */
function unreadOfSubscription(bus: Bus, subscription: OwnSubscription, principal: string): number {
  const { db } = bus;
  const { space, subscriber: participant } = subscription;
  let unread = 0;
  for (const channel of channelsIn(db, space)) {
    const place = { space, channel: channel.id, participant };
    if (channel.channel_type !== "PubSub") continue;
    if (!topicMatches(subscription.topic, channel.name) || isMember(db, place)) continue;
    const cursor = Math.max(subscription.cursor, readerCursor(db, place));
    const oldest = oldestIn(bus, space, channel);
    unread += countUnread(db, { ...place, principal, cursor, oldest });
  }
  return unread;
}
