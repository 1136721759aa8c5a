// The live form of channels: rows of a space in the log's database. Every operation that changes
// something is one transaction, or a part of the one that is under way.
import type { CommStore } from "../../core/channels/comm-store.ts";
import { channelById, channelsIn } from "../../store/channels/channels.ts";
import { subscriptionsIn } from "../../store/channels/subscriptions.ts";
import type { Bus } from "../bus.ts";
import * as channels from "./live/channels.ts";
import { expire } from "./live/expire.ts";
import { type Live, type LiveOptions, spaceOf } from "./live/live.ts";
import { aliveMessage, countIn, history, receive, search, statsOf } from "./live/read.ts";
import { acknowledge, broadcast, publish, send } from "./live/send.ts";

/** `space` is the key of one, e.g. `main`; it comes to be when something is first kept in it. */
export function openLiveStore(bus: Bus, space: string, options: LiveOptions = {}): CommStore {
  const live: Live = { bus, key: space, options };
  const write = <T>(body: () => T): T => bus.db.write(body);
  const read = <T>(body: () => T): T => bus.db.read(body);
  return {
    createChannel: (draft) => write(() => channels.createChannel(live, draft)),
    joinChannel: (channelId, participant) =>
      write(() => channels.join(live, channelId, participant)),
    leaveChannel: (channelId, participant) =>
      write(() => channels.leave(live, channelId, participant)),
    listChannels: () => channelsIn(bus.db, spaceOf(live)),
    getChannel: (channelId) => channelById(bus.db, spaceOf(live), channelId),
    setChannelConfig: (channelId, change) =>
      write(() => channels.configure(live, channelId, change)),
    sendMessage: (draft) => write(() => send(live, draft)),
    receiveMessages: (channelId, filter = {}) => read(() => receive(live, channelId, filter)),
    acknowledgeMessage: (messageId, recipient) =>
      write(() => acknowledge(live, messageId, recipient)),
    broadcast: (draft) => write(() => broadcast(live, draft)),
    subscribe: (topic, subscriber) => write(() => channels.subscribe(live, topic, subscriber)),
    unsubscribe: (subscriptionId) => write(() => channels.unsubscribe(live, subscriptionId)),
    listSubscriptions: () =>
      subscriptionsIn(bus.db, spaceOf(live)).map((subscription) => ({ ...subscription })),
    publish: (draft) => write(() => publish(live, draft)),
    queryHistory: (channelId, filter = {}) => read(() => history(live, channelId, filter)),
    countMessages: (channelId) => read(() => countIn(live, channelId)),
    searchMessages: (query, limit, how = {}) => read(() => search(live, query, { limit, ...how })),
    expireMessages: (how = {}) => write(() => expire(live, how)),
    getMessage: (messageId) => aliveMessage(live, messageId)?.record,
    stats: () => read(() => statsOf(live)),
  };
}
