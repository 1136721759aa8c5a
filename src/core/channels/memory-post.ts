// How messages come into a store in memory, one for everybody or one for each recipient, and are
// acknowledged. Checks are made in the order of sender, content, channel, all of them before
// anything is changed.
import { type Channel, defaultConfig } from "./channel.ts";
import {
  type ChannelMessage,
  checkContent,
  checkSender,
  type MessageType,
} from "./channel-message.ts";
import { aliveEntry } from "./memory-read.ts";
import {
  channelOf,
  copyOfMessage,
  type HeldChannel,
  holdChannel,
  holdMessage,
  type MemoryState,
  nextMoment,
  sweepChannel,
  wellFormed,
} from "./memory-state.ts";
import { messageNotFound } from "./refusals.ts";
import { acknowledgedIn, checkMaySend, stateOf } from "./snapshot.ts";
import { timestampOf } from "./timestamp.ts";
import { checkTopic, topicMatches } from "./topic.ts";

export function send(
  state: MemoryState,
  draft: { channelId: number; sender: string; content: string; type?: MessageType | undefined },
): ChannelMessage {
  const sender = checkSender(wellFormed(draft.sender));
  const content = checkContent(wellFormed(draft.content));
  const channel = channelOf(state, draft.channelId);
  const post = postOf(state, channel, { sender, content, type: draft.type ?? "Text" });
  return copyOfMessage(addMessage(state, post, null));
}

export function broadcast(
  state: MemoryState,
  draft: { channelId: number; sender: string; content: string },
): ChannelMessage[] {
  const sender = checkSender(wellFormed(draft.sender));
  const content = checkContent(wellFormed(draft.content));
  const channel = channelOf(state, draft.channelId);
  const recipients = channel.record.participants.filter((one) => one !== sender);
  return fanOut(state, channel, { sender, content, type: "Broadcast" }, recipients);
}

export function publish(
  state: MemoryState,
  draft: { topic: string; sender: string; content: string },
): ChannelMessage[] {
  const sender = checkSender(wellFormed(draft.sender));
  const content = checkContent(wellFormed(draft.content));
  const channel = topicChannel(state, wellFormed(draft.topic));
  const recipients = subscribersOf(state, channel.record.name).filter((one) => one !== sender);
  return fanOut(state, channel, { sender, content, type: "Notification" }, recipients);
}

/** The second time changes nothing. */
export function acknowledge(state: MemoryState, messageId: number, name: string): void {
  const who = checkSender(wellFormed(name));
  const entry = aliveEntry(state, messageId);
  if (entry === undefined) throw messageNotFound(messageId);
  const { record, extension } = entry.kept;
  if (record.acknowledged_by.includes(who)) return;
  const acknowledged_by = [...record.acknowledged_by, who];
  entry.kept = {
    record: { ...record, acknowledged_by },
    extension: acknowledgedIn(extension),
  };
  state.isChanged = true;
}

/** A channel that has one is used under whatever name it came; a new one needs a good name. */
function topicChannel(state: MemoryState, topic: string): HeldChannel {
  return state.topics.get(topic) ?? addChannel(state, checkTopic(topic), "PubSub", defaultConfig);
}

export function addChannel(
  state: MemoryState,
  name: string,
  type: Channel["channel_type"],
  config: Channel["config"],
): HeldChannel {
  state.isChanged = true;
  const record: Channel = {
    id: state.next.channel,
    name,
    channel_type: type,
    created_at: timestampOf(state.deps.now()),
    participants: [],
    config,
  };
  return holdChannel(state, { record });
}

/** Each once, by the id of its first matching subscription. */
function subscribersOf(state: MemoryState, topic: string): string[] {
  const matching = [...state.subscriptions.values()].filter(
    ({ kept, isPattern }) =>
      kept.record.topic === topic || (isPattern && topicMatches(kept.record.topic, topic)),
  );
  const records = matching.map((held) => held.kept.record).sort((a, b) => a.id - b.id);
  return [...new Set(records.map((record) => record.subscriber))];
}

interface Words {
  sender: string;
  content: string;
  type: MessageType;
}

/** What all copies of one post have in common. */
interface Post extends Words {
  channelId: number;
  signature: string;
}

function fanOut(
  state: MemoryState,
  channel: HeldChannel,
  words: Words,
  recipients: readonly string[],
): ChannelMessage[] {
  const post = postOf(state, channel, words);
  return recipients.map((recipient) => copyOfMessage(addMessage(state, post, recipient)));
}

function postOf(state: MemoryState, channel: HeldChannel, words: Words): Post {
  const channelId = channel.record.id;
  checkMaySend(channelId, stateOf(channel.extension));
  sweepChannel(state, channelId);
  return { ...words, channelId, signature: state.deps.sha256(words.content) };
}

function addMessage(state: MemoryState, post: Post, recipient: string | null): ChannelMessage {
  const { ms, nanos } = nextMoment(state);
  const record: ChannelMessage = {
    id: state.next.message,
    channel_id: post.channelId,
    sender: post.sender,
    recipient,
    content: post.content,
    message_type: post.type,
    timestamp: timestampOf(ms, nanos),
    metadata: {},
    signature: post.signature,
    acknowledged_by: [],
  };
  state.isChanged = true;
  holdMessage(state, { kept: { record }, ms, nanos, isGone: false });
  return record;
}
