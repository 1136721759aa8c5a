// Channels and subscriptions of the live store: who is in, how they are configured, who wants to
// hear of what. Each function is called inside a transaction.
import {
  type Channel,
  type ChannelConfig,
  type ChannelType,
  type ConfigChange,
  capacityOf,
  checkChannelName,
  defaultConfig,
} from "../../../core/channels/channel.ts";
import type { Subscription } from "../../../core/channels/comm-store.ts";
import { changedConfig } from "../../../core/channels/config-change.ts";
import {
  alreadyInChannel,
  channelFull,
  channelNotFound,
  notInChannel,
  subscriptionNotFound,
} from "../../../core/channels/refusals.ts";
import { checkMayJoin } from "../../../core/channels/snapshot.ts";
import { timestampOf } from "../../../core/channels/timestamp.ts";
import { checkSubscribedTopic } from "../../../core/channels/topic.ts";
import {
  channelRules,
  endsAfterOf,
  insertChannel,
  setConfig,
} from "../../../store/channels/channels.ts";
import {
  countMembers,
  deleteMember,
  insertMember,
  isMember,
  membersOf,
} from "../../../store/channels/members.ts";
import { ensureSpace, takeIds } from "../../../store/channels/spaces.ts";
import { deleteSubscription, insertSubscription } from "../../../store/channels/subscriptions.ts";
import { endDigests } from "../../../store/deferred.ts";
import { channelOf, type Live, memberName, spaceOf, sweep } from "./live.ts";

export function createChannel(
  live: Live,
  draft: { name: string; type: ChannelType; config?: ConfigChange | undefined },
): Channel {
  const name = checkChannelName(draft.name);
  return addChannel(live, name, draft.type, changedConfig(defaultConfig, draft.config ?? {}));
}

export function addChannel(
  live: Live,
  name: string,
  type: ChannelType,
  config: Readonly<ChannelConfig>,
): Channel {
  const { db, system } = live.bus;
  const space = ensureSpace(db, live.key);
  live.options.names?.checkRoom(space, name);
  const channel: Channel = {
    id: takeIds(db, space, "channel", 1),
    name,
    channel_type: type,
    created_at: timestampOf(system.now()),
    participants: [],
    config: { ...config },
  };
  insertChannel(db, space, channel, { endsAfter: config.ttl_seconds });
  return channel;
}

export function join(live: Live, channelId: number, name: string): void {
  const participant = memberName(live, name);
  const space = spaceOf(live);
  const { db } = live.bus;
  const rules = channelRules(db, space, channelId);
  if (rules === undefined) throw channelNotFound(channelId);
  const place = { space, channel: channelId, participant };
  if (isMember(db, place)) throw alreadyInChannel(participant, channelId);
  checkMayJoin(channelId, rules.state);
  const { channel_type, config } = rules;
  const capacity = capacityOf({ channel_type, max: config.max_participants });
  if (capacity > 0 && countMembers(db, space, channelId) >= capacity) throw channelFull(channelId);
  insertMember(db, place, live.options.principalOf?.(participant) ?? null);
}

export function leave(live: Live, channelId: number, name: string): void {
  const participant = name.toWellFormed();
  const space = spaceOf(live);
  channelOf(live.bus, space, channelId);
  const { db } = live.bus;
  const member = membersOf(db, space, channelId).find((one) => one.participant === participant);
  if (member === undefined) throw notInChannel(participant, channelId);
  deleteMember(db, { space, channel: channelId, participant });
  // What it was to read there it cannot read any more.
  const { principal } = member;
  const where = { space: live.key, channel: channelId, reason: "it left the channel" };
  if (principal !== null) endDigests(db, { ...where, principal });
}

export function configure(live: Live, channelId: number, change: ConfigChange): Channel {
  const space = spaceOf(live);
  const channel = channelOf(live.bus, space, channelId);
  const config = changedConfig(channel.config, change);
  // A longer time to live does not bring back what was gone.
  sweep(live, space, channelId, Number.MAX_SAFE_INTEGER);
  const isChosen = change.ttl_seconds !== undefined;
  const endsAfter = isChosen ? config.ttl_seconds : endsAfterOf(live.bus.db, space, channelId);
  setConfig(live.bus.db, { space, id: channelId }, config, endsAfter);
  return channelOf(live.bus, space, channelId);
}

export function subscribe(live: Live, topic: string, name: string): Subscription {
  const subscriber = memberName(live, name);
  checkSubscribedTopic(topic);
  const { db, system } = live.bus;
  const space = ensureSpace(db, live.key);
  live.options.names?.checkRoom(space, topic);
  const id = takeIds(db, space, "subscription", 1);
  const record = { id, topic, subscriber, created_at: timestampOf(system.now()) };
  const principal = live.options.principalOf?.(subscriber);
  insertSubscription(db, space, record, { principal });
  return record;
}

export function unsubscribe(live: Live, subscriptionId: number): void {
  const wasThere = deleteSubscription(live.bus.db, spaceOf(live), subscriptionId);
  if (!wasThere) throw subscriptionNotFound(subscriptionId);
}
