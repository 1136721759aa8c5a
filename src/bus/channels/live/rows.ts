// The rows of the live store, as the rules ask for them: all inside one transaction of one call.
import type { Channel } from "../../../core/channels/channel.ts";
import type { ChannelMessage } from "../../../core/channels/channel-message.ts";
import { timestampOf } from "../../../core/channels/timestamp.ts";
import { topicMatches } from "../../../core/channels/topic.ts";
import type { ChannelRows, Room } from "../../../core/channels/verbs.ts";
import {
  channelById,
  channelByName,
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
  principalOfMember,
} from "../../../store/channels/members.ts";
import { insertAck } from "../../../store/channels/messages.ts";
import { ensureSpace, takeIds } from "../../../store/channels/spaces.ts";
import {
  deleteSubscription,
  insertSubscription,
  possibleSubscribers,
} from "../../../store/channels/subscriptions.ts";
import { endDigests } from "../../../store/deferred.ts";
import type { Reader } from "../post.ts";
import { type Live, spaceOf, sweep } from "./live.ts";
import { post } from "./posting.ts";
import { aliveMessage } from "./read.ts";

export function liveRows(live: Live): ChannelRows<Reader> {
  const { db, system } = live.bus;
  const { names, principalOf } = live.options;
  let space = spaceOf(live);
  const ensured = () => {
    if (space === 0) space = ensureSpace(db, live.key);
    return space;
  };
  const placeOf = ({ record }: Room, participant: string) => {
    return { space, channel: record.id, participant };
  };
  return {
    now: system.now,
    checkMember: (name) => names?.checkMember(name),
    checkRoom: (name) => names?.checkRoom(ensured(), name),
    room: (id) => roomOf(channelRules(db, space, id)),
    topic: (name) => roomOf(channelByName(db, space, name, "PubSub")),
    addRoom(draft) {
      const record = { id: takeIds(db, ensured(), "channel", 1), ...draft };
      insertChannel(db, space, record, { endsAfter: draft.config.ttl_seconds });
      return { record, state: undefined };
    },
    setConfig({ record: { id } }, config, change) {
      const isChosen = change.ttl_seconds !== undefined;
      const endsAfter = isChosen ? config.ttl_seconds : endsAfterOf(db, space, id);
      setConfig(db, { space, id }, config, endsAfter);
    },
    shown({ record: { id } }) {
      const channel = channelById(db, space, id);
      if (channel === undefined) throw new Error(`channel ${id} is gone`);
      return channel;
    },
    members: ({ record }) => membersOf(db, space, record.id),
    countMembers: ({ record }) => countMembers(db, space, record.id),
    hasMember: (room, name) => isMember(db, placeOf(room, name)),
    addMember: (room, name) => insertMember(db, placeOf(room, name), principalOf?.(name) ?? null),
    removeMember(room, name) {
      const place = placeOf(room, name);
      const principal = principalOfMember(db, place);
      if (!deleteMember(db, place)) return false;
      // What it was to read there it cannot read any more.
      const where = { space: live.key, channel: place.channel, reason: "it left the channel" };
      if (principal != null) endDigests(db, { ...where, principal });
      return true;
    },
    subscribers: (topic) =>
      possibleSubscribers(db, space, topic)
        .filter((one) => topicMatches(one.topic, topic))
        .map(({ subscriber, principal, wake }) => ({ participant: subscriber, principal, wake })),
    addSubscription({ topic, subscriber, created_at }) {
      const id = takeIds(db, ensured(), "subscription", 1);
      const record = { id, topic, subscriber, created_at };
      insertSubscription(db, space, record, { principal: principalOf?.(subscriber) });
      return record;
    },
    removeSubscription: (id) => deleteSubscription(db, space, id),
    sweep: ({ record }) => sweep(live, space, record.id, Number.MAX_SAFE_INTEGER),
    post: (posting): ChannelMessage[] => post(live, space, posting),
    acknowledge(messageId, who) {
      const found = aliveMessage(live, messageId);
      if (found === undefined) return false;
      insertAck(db, found.seq, who, timestampOf(system.now()));
      return true;
    },
  };
}

function roomOf(channel: Omit<Channel, "participants"> | undefined): Room | undefined {
  return channel && { record: channel, state: channel.state };
}
