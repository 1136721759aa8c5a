// The rows of a store in memory, as the rules ask for them.
import type { Channel } from "./channel.ts";
import type { ChannelMessage } from "./channel-message.ts";
import { aliveEntry } from "./memory-read.ts";
import {
  copyOfMessage,
  type HeldChannel,
  holdChannel,
  holdMessage,
  holdSubscription,
  type MemoryState,
  nextMoment,
  sweepChannel,
} from "./memory-state.ts";
import { acknowledgedIn, shownChannel } from "./snapshot.ts";
import { timestampOf } from "./timestamp.ts";
import { topicMatches } from "./topic.ts";
import type { ChannelRows, Hearer, Posting, Room } from "./verbs.ts";

export function memoryRows(state: MemoryState): ChannelRows<Hearer> {
  return {
    now: state.deps.now,
    // Names are free in a document.
    checkMember() {},
    checkRoom() {},
    room: (id) => state.channels.get(id),
    topic: (name) => state.topics.get(name),
    addRoom(draft) {
      state.isChanged = true;
      const { name, channel_type, created_at, config } = draft;
      const id = state.next.channel;
      const record: Channel = { id, name, channel_type, created_at, participants: [], config };
      return holdChannel(state, { record });
    },
    setConfig(room, config) {
      changed(state, room).record.config = config;
    },
    shown: (room) => shownChannel(held(state, room)),
    members: (room) =>
      held(state, room).record.participants.map((participant) => ({ participant })),
    countMembers: (room) => held(state, room).record.participants.length,
    hasMember: (room, name) => held(state, room).members.has(name),
    addMember(room, name) {
      const { record, members } = changed(state, room);
      record.participants.push(name);
      members.add(name);
    },
    removeMember(room, name) {
      const at = held(state, room).record.participants.indexOf(name);
      if (at === -1) return false;
      const channel = changed(state, room);
      channel.record.participants.splice(at, 1);
      channel.members = new Set(channel.record.participants);
      return true;
    },
    subscribers: (topic) => subscribers(state, topic),
    addSubscription({ topic, subscriber, created_at }) {
      const record = { id: state.next.subscription, topic, subscriber, created_at };
      holdSubscription(state, { record });
      state.isChanged = true;
      return { ...record };
    },
    removeSubscription(id) {
      const wasThere = state.subscriptions.delete(id);
      if (wasThere) state.isChanged = true;
      return wasThere;
    },
    sweep: (room) => sweepChannel(state, room.record.id),
    post: (posting) => post(state, posting),
    acknowledge: (messageId, who) => acknowledge(state, messageId, who),
  };
}

function held(state: MemoryState, { record }: Room): HeldChannel {
  const channel = state.channels.get(record.id);
  if (channel === undefined) throw new Error(`channel ${record.id} is not of this store`);
  return channel;
}

/** About to be written anew. */
function changed(state: MemoryState, room: Room): HeldChannel {
  const channel = held(state, room);
  channel.bytes = undefined;
  state.isChanged = true;
  return channel;
}

function subscribers(state: MemoryState, topic: string): Hearer[] {
  return [...state.subscriptions.values()]
    .filter(
      ({ kept, isPattern }) =>
        kept.record.topic === topic || (isPattern && topicMatches(kept.record.topic, topic)),
    )
    .map((one) => one.kept.record)
    .sort((a, b) => a.id - b.id)
    .map(({ subscriber }) => ({ participant: subscriber }));
}

function post(state: MemoryState, { room, words, recipients }: Posting<Hearer>): ChannelMessage[] {
  sweepChannel(state, room.record.id);
  const signature = state.deps.sha256(words.content);
  return recipients.map((recipient) => {
    const { ms, nanos } = nextMoment(state);
    const record: ChannelMessage = {
      id: state.next.message,
      channel_id: room.record.id,
      sender: words.sender,
      recipient,
      content: words.content,
      message_type: words.type,
      timestamp: timestampOf(ms, nanos),
      metadata: {},
      signature,
      acknowledged_by: [],
    };
    state.isChanged = true;
    holdMessage(state, { kept: { record }, ms, nanos, isGone: false });
    return copyOfMessage(record);
  });
}

function acknowledge(state: MemoryState, messageId: number, who: string): boolean {
  const entry = aliveEntry(state, messageId);
  if (entry === undefined) return false;
  const { record, extension } = entry.kept;
  if (record.acknowledged_by.includes(who)) return true;
  const acknowledged_by = [...record.acknowledged_by, who];
  entry.kept = { record: { ...record, acknowledged_by }, extension: acknowledgedIn(extension) };
  state.isChanged = true;
  return true;
}
