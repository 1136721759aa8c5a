// Channels in the memory of one process: what a `.acomm` document becomes while it is worked on,
// and the store of programs that need none that lasts. Time and the hash are arguments.
import type { CommStore } from "./comm-store.ts";
import { expire } from "./memory-expire.ts";
import { aliveEntry, countIn, history, receive, search, statsOf } from "./memory-read.ts";
import { memoryRows } from "./memory-rows.ts";
import { copyOfMessage, type MemoryDeps, piledOf, snapshotOf, stateOf } from "./memory-state.ts";
import { emptySnapshot, type PiledSnapshot, type Snapshot, shownChannel } from "./snapshot.ts";
import * as verbs from "./verbs.ts";

export interface MemoryStore extends CommStore {
  /** All there is, swept or not. It shares messages with the store: read it, do not change it. */
  snapshot(): Snapshot;
  /** The same; what nobody has looked at stays in one piece. */
  piled(): Snapshot | PiledSnapshot;
  /** Whether anything is different from what the store began with, or since it was last kept. */
  isChanged(): boolean;
  /** What it is now was written down. */
  settle(): void;
}

export function createMemoryStore(
  deps: MemoryDeps,
  from: Snapshot | PiledSnapshot = emptySnapshot(),
): MemoryStore {
  const state = stateOf(deps, from);
  const rows = memoryRows(state);
  const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
  return {
    createChannel: (draft) => verbs.createChannel(rows, draft),
    joinChannel: (channelId, participant) => verbs.join(rows, channelId, participant),
    leaveChannel: (channelId, participant) => verbs.leave(rows, channelId, participant),
    listChannels: () => [...state.channels.values()].map(shownChannel).sort(byId),
    getChannel(channelId) {
      const held = state.channels.get(channelId);
      return held === undefined ? undefined : shownChannel(held);
    },
    setChannelConfig: (channelId, change) => verbs.configure(rows, channelId, change),
    sendMessage: (draft) => verbs.send(rows, draft),
    receiveMessages: (channelId, filter = {}) => receive(state, channelId, filter),
    acknowledgeMessage: (messageId, recipient) => verbs.acknowledge(rows, messageId, recipient),
    broadcast: (draft) => verbs.broadcast(rows, draft),
    subscribe: (topic, subscriber) => verbs.subscribe(rows, topic, subscriber),
    unsubscribe: (subscriptionId) => verbs.unsubscribe(rows, subscriptionId),
    listSubscriptions: () =>
      [...state.subscriptions.values()].map((held) => ({ ...held.kept.record })).sort(byId),
    publish: (draft) => verbs.publish(rows, draft),
    queryHistory: (channelId, filter = {}) => history(state, channelId, filter),
    countMessages: (channelId) => countIn(state, channelId),
    searchMessages: (query, limit, how = {}) => search(state, query, { limit, ...how }),
    getMessage(messageId) {
      const entry = aliveEntry(state, messageId);
      return entry === undefined ? undefined : copyOfMessage(entry.kept.record);
    },
    expireMessages: (how = {}) => expire(state, how),
    stats: () => statsOf(state),
    snapshot: () => snapshotOf(state),
    piled: () => piledOf(state),
    isChanged: () => state.isChanged,
    settle() {
      state.isChanged = false;
    },
  };
}
