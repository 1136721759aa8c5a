// Channels and subscriptions of a store in memory: who is in, how they are configured, who wants
// to hear of what.
import {
  type Channel,
  type ChannelType,
  type ConfigChange,
  capacityOf,
  checkChannelName,
  defaultConfig,
} from "./channel.ts";
import { checkSender } from "./channel-message.ts";
import type { Subscription } from "./comm-store.ts";
import { changedConfig } from "./config-change.ts";
import { addChannel } from "./memory-post.ts";
import {
  channelOf,
  holdSubscription,
  type MemoryState,
  sweepChannel,
  wellFormed,
} from "./memory-state.ts";
import { alreadyInChannel, channelFull, notInChannel, subscriptionNotFound } from "./refusals.ts";
import { checkMayJoin, shownChannel, stateOf } from "./snapshot.ts";
import { timestampOf } from "./timestamp.ts";
import { checkSubscribedTopic } from "./topic.ts";

export function createChannel(
  state: MemoryState,
  draft: { name: string; type: ChannelType; config?: ConfigChange | undefined },
): Channel {
  const name = checkChannelName(draft.name);
  const config = changedConfig(defaultConfig, draft.config ?? {});
  return shownChannel(addChannel(state, name, draft.type, config));
}

export function join(state: MemoryState, channelId: number, name: string): void {
  const participant = checkSender(wellFormed(name));
  const held = channelOf(state, channelId);
  const { participants, channel_type, config } = held.record;
  if (held.members.has(participant)) throw alreadyInChannel(participant, channelId);
  checkMayJoin(channelId, stateOf(held.extension));
  const capacity = capacityOf({ channel_type, max: config.max_participants });
  if (capacity > 0 && participants.length >= capacity) throw channelFull(channelId);
  participants.push(participant);
  held.members.add(participant);
  held.bytes = undefined;
  state.isChanged = true;
}

export function leave(state: MemoryState, channelId: number, name: string): void {
  const participant = wellFormed(name);
  const held = channelOf(state, channelId);
  const { participants } = held.record;
  const at = participants.indexOf(participant);
  if (at === -1) throw notInChannel(participant, channelId);
  participants.splice(at, 1);
  held.members = new Set(participants);
  held.bytes = undefined;
  state.isChanged = true;
}

export function configure(state: MemoryState, channelId: number, change: ConfigChange): Channel {
  const held = channelOf(state, channelId);
  const config = changedConfig(held.record.config, change);
  // A longer time to live does not bring back what was gone.
  sweepChannel(state, channelId);
  held.record.config = config;
  held.bytes = undefined;
  state.isChanged = true;
  return shownChannel(held);
}

export function subscribe(state: MemoryState, topic: string, name: string): Subscription {
  const subscriber = checkSender(wellFormed(name));
  checkSubscribedTopic(topic);
  const created_at = timestampOf(state.deps.now());
  const record: Subscription = { id: state.next.subscription, topic, subscriber, created_at };
  holdSubscription(state, { record });
  state.isChanged = true;
  return { ...record };
}

export function unsubscribe(state: MemoryState, subscriptionId: number): void {
  if (!state.subscriptions.delete(subscriptionId)) throw subscriptionNotFound(subscriptionId);
  state.isChanged = true;
}
