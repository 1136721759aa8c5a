// How messages come into the live store: one for everybody, or one for each recipient, all with one
// text. Checks are made in the order of sender, content, channel. Each function is called inside a
// transaction; what is announced is part of it.
import { type Channel, defaultConfig } from "../../../core/channels/channel.ts";
import {
  type ChannelMessage,
  checkContent,
  type MessageType,
} from "../../../core/channels/channel-message.ts";
import { messageNotFound } from "../../../core/channels/refusals.ts";
import { checkMaySend } from "../../../core/channels/snapshot.ts";
import { furthestAheadMs, momentAfter, timestampOf } from "../../../core/channels/timestamp.ts";
import { checkTopic, topicMatches } from "../../../core/channels/topic.ts";
import { insertBody } from "../../../store/channels/bodies.ts";
import { channelByName, endsAfterOf } from "../../../store/channels/channels.ts";
import { membersOf } from "../../../store/channels/members.ts";
import {
  type Copy,
  insertAck,
  insertCopies,
  lastSortKey,
  momentOfKey,
  nowKey,
  setEvent,
} from "../../../store/channels/messages.ts";
import { takeIds } from "../../../store/channels/spaces.ts";
import { possibleSubscribers } from "../../../store/channels/subscriptions.ts";
import type { Reader } from "../post.ts";
import { addChannel } from "./channels.ts";
import { channelOf, type Live, memberName, spaceOf, sweep } from "./live.ts";
import { aliveMessage } from "./read.ts";

export function send(
  live: Live,
  draft: { channelId: number; sender: string; content: string; type?: MessageType | undefined },
): ChannelMessage {
  const sender = memberName(live, draft.sender);
  const content = checkContent(draft.content.toWellFormed());
  const space = spaceOf(live);
  const channel = channelOf(live.bus, space, draft.channelId);
  const readers: Reader[] = membersOf(live.bus.db, space, channel.id);
  if (channel.channel_type === "PubSub") readers.push(...subscribersOf(live, space, channel.name));
  const words: Words = { sender, content, type: draft.type ?? "Text" };
  const [message] = post(live, { space, channel, words, recipients: [null], readers });
  if (message === undefined) throw new Error("a message was not stored");
  return message;
}

export function broadcast(
  live: Live,
  draft: { channelId: number; sender: string; content: string },
): ChannelMessage[] {
  const sender = memberName(live, draft.sender);
  const content = checkContent(draft.content.toWellFormed());
  const space = spaceOf(live);
  const channel = channelOf(live.bus, space, draft.channelId);
  const readers = membersOf(live.bus.db, space, channel.id);
  const recipients = channel.participants.filter((one) => one !== sender);
  const words: Words = { sender, content, type: "Broadcast" };
  return post(live, { space, channel, words, recipients, readers });
}

export function publish(
  live: Live,
  draft: { topic: string; sender: string; content: string },
): ChannelMessage[] {
  const sender = memberName(live, draft.sender);
  const content = checkContent(draft.content.toWellFormed());
  const channel = topicChannel(live, draft.topic.toWellFormed());
  const space = spaceOf(live);
  const readers = unique(subscribersOf(live, space, channel.name), sender);
  const recipients = readers.map((reader) => reader.participant);
  const words: Words = { sender, content, type: "Notification" };
  return post(live, { space, channel, words, recipients, readers });
}

/** A channel that has one is used under whatever name it came; a new one needs a good name. */
function topicChannel(live: Live, topic: string): Channel {
  return (
    channelByName(live.bus.db, spaceOf(live), topic, "PubSub") ??
    addChannel(live, checkTopic(topic), "PubSub", defaultConfig)
  );
}

/** By id of the subscription; who has several is there several times. */
function subscribersOf(live: Live, space: number, topic: string): Reader[] {
  return possibleSubscribers(live.bus.db, space, topic)
    .filter((one) => topicMatches(one.topic, topic))
    .map(({ subscriber, principal, wake }) => ({ participant: subscriber, principal, wake }));
}

/** Each once, by its first place, without the sender. */
function unique(readers: readonly Reader[], sender: string): Reader[] {
  const byName = new Map<string, Reader>();
  for (const reader of readers) {
    if (reader.participant !== sender && !byName.has(reader.participant)) {
      byName.set(reader.participant, reader);
    }
  }
  return [...byName.values()];
}

interface Words {
  sender: string;
  content: string;
  type: MessageType;
}

interface Posting {
  space: number;
  channel: Channel;
  words: Words;
  /** One copy for each. */
  recipients: readonly (string | null)[];
  readers: readonly Reader[];
}

function post(live: Live, posting: Posting): ChannelMessage[] {
  const { space, channel, words, recipients } = posting;
  checkMaySend(channel.id, channel.state);
  const messages = recipients.length === 0 ? [] : store(live, posting);
  const firstId = messages[0]?.id ?? 0;
  const eventId = live.options.announce?.({
    space: live.key,
    channel: { id: channel.id, name: channel.name, type: channel.channel_type },
    endsAfter: endsAfterOf(live.bus.db, space, channel.id),
    sender: words.sender,
    content: words.content,
    messageId: firstId,
    readers: unique(posting.readers, words.sender),
  });
  if (eventId !== undefined && messages.length > 0) {
    setEvent(live.bus.db, { space, firstId, count: messages.length }, eventId);
  }
  return messages;
}

/** A channel that was quiet for long is swept in steps: a post shall not wait for it. */
const mostSwept = 2_000;

function store(live: Live, { space, channel, words, recipients }: Posting): ChannelMessage[] {
  const { db } = live.bus;
  sweep(live, space, channel.id, mostSwept + recipients.length);
  const copies = timed(live, space, recipients);
  const common = {
    id: takeIds(db, space, "message", recipients.length),
    channel_id: channel.id,
    sender: words.sender,
    message_type: words.type,
    metadata: {},
    signature: signatureOf(words.content),
  };
  insertCopies(db, { ...common, space, body: insertBody(db, words.content) }, copies);
  return copies.map(({ recipient, timestamp }, at) => ({
    id: common.id + at,
    channel_id: common.channel_id,
    sender: common.sender,
    recipient,
    content: words.content,
    message_type: common.message_type,
    timestamp,
    metadata: {},
    signature: common.signature,
    acknowledged_by: [],
  }));
}

/** Each later than all that is there, see `momentAfter`. */
function timed(live: Live, space: number, recipients: readonly (string | null)[]): Copy[] {
  const now = live.bus.system.now();
  const last = lastSortKey(live.bus.db, space, nowKey(now + furthestAheadMs));
  let moment = last === undefined ? undefined : momentOfKey(last);
  return recipients.map((recipient) => {
    moment = momentAfter(moment, now);
    return { recipient, timestamp: timestampOf(moment.ms, moment.nanos) };
  });
}

/** Bun's own hash: the one of node:crypto costs a millisecond to import. */
export function signatureOf(content: string): string {
  return new Bun.SHA256().update(content).digest("hex");
}

export function acknowledge(live: Live, messageId: number, name: string): void {
  const who = memberName(live, name);
  const found = aliveMessage(live, messageId);
  if (found === undefined) throw messageNotFound(messageId);
  insertAck(live.bus.db, found.seq, who, timestampOf(live.bus.system.now()));
}
