// The live form of channels: rows of a space in the log's database. Every operation that changes
// something is one transaction, or a part of the one that is under way.
import type { CommStore } from "../../core/channels/comm-store.ts";
import type { ChannelRows } from "../../core/channels/verbs.ts";
import * as verbs from "../../core/channels/verbs.ts";
import { channelById, channelsIn } from "../../store/channels/channels.ts";
import { subscriptionsIn } from "../../store/channels/subscriptions.ts";
import type { Bus } from "../bus.ts";
import { expire } from "./live/expire.ts";
import { type Live, type LiveOptions, spaceOf } from "./live/live.ts";
import { aliveMessage, countIn, history, receive, search, statsOf } from "./live/read.ts";
import { liveRows } from "./live/rows.ts";
import type { Reader } from "./post.ts";

/** `space` is the key of one, e.g. `main`; it comes to be when something is first kept in it. */
export function openLiveStore(bus: Bus, space: string, options: LiveOptions = {}): CommStore {
  const live: Live = { bus, key: space, options };
  const read = <T>(body: () => T): T => bus.db.read(body);
  const write = <T>(body: (rows: ChannelRows<Reader>) => T): T =>
    bus.db.write(() => body(liveRows(live)));
  return {
    createChannel: (draft) => write((rows) => verbs.createChannel(rows, draft)),
    joinChannel: (channelId, participant) =>
      write((rows) => verbs.join(rows, channelId, participant)),
    leaveChannel: (channelId, participant) =>
      write((rows) => verbs.leave(rows, channelId, participant)),
    listChannels: () => channelsIn(bus.db, spaceOf(live)),
    getChannel: (channelId) => channelById(bus.db, spaceOf(live), channelId),
    setChannelConfig: (channelId, change) =>
      write((rows) => verbs.configure(rows, channelId, change)),
    sendMessage: (draft) => write((rows) => verbs.send(rows, draft)),
    receiveMessages: (channelId, filter = {}) => read(() => receive(live, channelId, filter)),
    acknowledgeMessage: (messageId, recipient) =>
      write((rows) => verbs.acknowledge(rows, messageId, recipient)),
    broadcast: (draft) => write((rows) => verbs.broadcast(rows, draft)),
    subscribe: (topic, subscriber) => write((rows) => verbs.subscribe(rows, topic, subscriber)),
    unsubscribe: (subscriptionId) => write((rows) => verbs.unsubscribe(rows, subscriptionId)),
    listSubscriptions: () =>
      subscriptionsIn(bus.db, spaceOf(live)).map((subscription) => ({ ...subscription })),
    publish: (draft) => write((rows) => verbs.publish(rows, draft)),
    queryHistory: (channelId, filter = {}) => read(() => history(live, channelId, filter)),
    countMessages: (channelId) => read(() => countIn(live, channelId)),
    searchMessages: (query, limit, how = {}) => read(() => search(live, query, { limit, ...how })),
    expireMessages: (how = {}) => bus.db.write(() => expire(live, how)),
    getMessage: (messageId) => aliveMessage(live, messageId)?.record,
    stats: () => read(() => statsOf(live)),
  };
}
