// What is done with channels, whatever keeps them: the rules, once, and the order of the checks
// (who, content, channel), all of them before anything is changed. A store brings the rows; how it
// finds messages is its own.
import {
  type Channel,
  type ChannelType,
  type ConfigChange,
  capacityOf,
  checkChannelName,
  defaultConfig,
} from "./channel.ts";
import {
  type ChannelMessage,
  checkContent,
  checkSender,
  type MessageType,
} from "./channel-message.ts";
import type { Subscription } from "./comm-store.ts";
import { changedConfig } from "./config-change.ts";
import {
  alreadyInChannel,
  channelFull,
  channelNotFound,
  messageNotFound,
  notInChannel,
  subscriptionNotFound,
} from "./refusals.ts";
import { checkMayJoin, checkMaySend } from "./snapshot.ts";
import { timestampOf } from "./timestamp.ts";
import { checkSubscribedTopic, checkTopic } from "./topic.ts";

/** A channel as its store keeps it: neither to be changed nor to be given out. */
export interface Room {
  record: Readonly<Omit<Channel, "participants">>;
  /** Undefined while it is as they usually are. */
  state: string | undefined;
}

/** Who is in a channel or subscribed to a topic, with what the store knows of them besides. */
export interface Hearer {
  participant: string;
}

export interface Words {
  sender: string;
  content: string;
  type: MessageType;
}

export interface Posting<H extends Hearer> {
  room: Room;
  words: Words;
  /** A copy for each; null is everybody. */
  recipients: readonly (string | null)[];
  /** Who should see it besides the sender, each once. */
  hearers(): H[];
}

/** The rows of a store, without a rule in them. */
export interface ChannelRows<H extends Hearer> {
  /** Milliseconds since 1970. */
  now(): number;
  /** Throws for a name of somebody who acts that others must not meet. */
  checkMember(name: string): void;
  /** The same for a new channel's, and a topic's. */
  checkRoom(name: string): void;
  room(id: number): Room | undefined;
  /** The pub/sub channel of that name; of several the one with the lowest id. */
  topic(name: string): Room | undefined;
  addRoom(draft: Omit<Channel, "id" | "participants">): Room;
  setConfig(room: Room, config: Channel["config"], change: ConfigChange): void;
  /** A record for the caller to keep. */
  shown(room: Room): Channel;
  /** In the order of joining. */
  members(room: Room): H[];
  countMembers(room: Room): number;
  hasMember(room: Room, name: string): boolean;
  addMember(room: Room, name: string): void;
  /** false when nobody of that name is in it. */
  removeMember(room: Room, name: string): boolean;
  /** By id of the subscription; who has several that match is there several times. */
  subscribers(topic: string): H[];
  addSubscription(draft: Omit<Subscription, "id">): Subscription;
  /** false when there is none. */
  removeSubscription(id: number): boolean;
  /** Removes what has ended by itself. */
  sweep(room: Room): void;
  post(posting: Posting<H>): ChannelMessage[];
  /** false when there is no such message, or no longer. The second time changes nothing. */
  acknowledge(messageId: number, who: string): boolean;
}

export function createChannel<H extends Hearer>(
  rows: ChannelRows<H>,
  draft: { name: string; type: ChannelType; config?: ConfigChange | undefined },
): Channel {
  const name = checkChannelName(draft.name);
  const config = changedConfig(defaultConfig, draft.config ?? {});
  return rows.shown(newRoom(rows, name, draft.type, config));
}

function newRoom<H extends Hearer>(
  rows: ChannelRows<H>,
  name: string,
  channel_type: ChannelType,
  config: Readonly<Channel["config"]>,
): Room {
  rows.checkRoom(name);
  const created_at = timestampOf(rows.now());
  return rows.addRoom({ name, channel_type, created_at, config: { ...config } });
}

export function join<H extends Hearer>(rows: ChannelRows<H>, channelId: number, name: string) {
  const participant = actorOf(rows, name);
  const room = roomOf(rows, channelId);
  if (rows.hasMember(room, participant)) throw alreadyInChannel(participant, channelId);
  checkMayJoin(channelId, room.state);
  const { channel_type, config } = room.record;
  const capacity = capacityOf({ channel_type, max: config.max_participants });
  if (capacity > 0 && rows.countMembers(room) >= capacity) throw channelFull(channelId);
  rows.addMember(room, participant);
}

export function leave<H extends Hearer>(rows: ChannelRows<H>, channelId: number, name: string) {
  const participant = wellFormed(name);
  const wasThere = rows.removeMember(roomOf(rows, channelId), participant);
  if (!wasThere) throw notInChannel(participant, channelId);
}

export function configure<H extends Hearer>(
  rows: ChannelRows<H>,
  channelId: number,
  change: ConfigChange,
): Channel {
  const room = roomOf(rows, channelId);
  const config = changedConfig(room.record.config, change);
  // A longer time to live does not bring back what was gone.
  rows.sweep(room);
  rows.setConfig(room, config, change);
  return rows.shown(room);
}

export function send<H extends Hearer>(
  rows: ChannelRows<H>,
  draft: { channelId: number; sender: string; content: string; type?: MessageType | undefined },
): ChannelMessage {
  const words = wordsOf(rows, draft, draft.type ?? "Text");
  const room = roomOf(rows, draft.channelId);
  const isTopic = room.record.channel_type === "PubSub";
  const hearers = () => [
    ...rows.members(room),
    ...(isTopic ? rows.subscribers(room.record.name) : []),
  ];
  const [message] = post(rows, { room, words, recipients: [null], hearers });
  if (message === undefined) throw new Error("a message was not stored");
  return message;
}

export function broadcast<H extends Hearer>(
  rows: ChannelRows<H>,
  draft: { channelId: number; sender: string; content: string },
): ChannelMessage[] {
  const words = wordsOf(rows, draft, "Broadcast");
  const room = roomOf(rows, draft.channelId);
  const members = rows.members(room);
  const recipients = members.map((one) => one.participant).filter((one) => one !== words.sender);
  return post(rows, { room, words, recipients, hearers: () => members });
}

export function publish<H extends Hearer>(
  rows: ChannelRows<H>,
  draft: { topic: string; sender: string; content: string },
): ChannelMessage[] {
  const words = wordsOf(rows, draft, "Notification");
  const topic = wellFormed(draft.topic);
  // A channel that has one is used under whatever name it came; a new one needs a good name.
  const room = rows.topic(topic) ?? newRoom(rows, checkTopic(topic), "PubSub", defaultConfig);
  const hearers = unique(rows.subscribers(room.record.name), words.sender);
  const recipients = hearers.map((one) => one.participant);
  return post(rows, { room, words, recipients, hearers: () => hearers });
}

export function subscribe<H extends Hearer>(
  rows: ChannelRows<H>,
  topic: string,
  name: string,
): Subscription {
  const subscriber = actorOf(rows, name);
  checkSubscribedTopic(topic);
  rows.checkRoom(topic);
  return rows.addSubscription({ topic, subscriber, created_at: timestampOf(rows.now()) });
}

export function unsubscribe<H extends Hearer>(rows: ChannelRows<H>, subscriptionId: number): void {
  if (!rows.removeSubscription(subscriptionId)) throw subscriptionNotFound(subscriptionId);
}

export function acknowledge<H extends Hearer>(
  rows: ChannelRows<H>,
  messageId: number,
  name: string,
): void {
  const who = actorOf(rows, name);
  if (!rows.acknowledge(messageId, who)) throw messageNotFound(messageId);
}

/** Text that no UTF-8 can hold would not survive a file. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

function roomOf<H extends Hearer>(rows: ChannelRows<H>, id: number): Room {
  const room = rows.room(id);
  if (room === undefined) throw channelNotFound(id);
  return room;
}

/** Any text but the empty one. */
function actorOf<H extends Hearer>(rows: ChannelRows<H>, name: string): string {
  const actor = checkSender(wellFormed(name));
  rows.checkMember(actor);
  return actor;
}

function wordsOf<H extends Hearer>(
  rows: ChannelRows<H>,
  draft: { sender: string; content: string },
  type: MessageType,
): Words {
  const sender = actorOf(rows, draft.sender);
  return { sender, content: checkContent(wellFormed(draft.content)), type };
}

function post<H extends Hearer>(rows: ChannelRows<H>, posting: Posting<H>): ChannelMessage[] {
  const { room, words } = posting;
  checkMaySend(room.record.id, room.state);
  return rows.post({ ...posting, hearers: () => unique(posting.hearers(), words.sender) });
}

/** Each once, by its first place, without the sender. */
function unique<H extends Hearer>(hearers: readonly H[], sender: string): H[] {
  const byName = new Map<string, H>();
  for (const one of hearers) {
    if (one.participant !== sender && !byName.has(one.participant))
      byName.set(one.participant, one);
  }
  return [...byName.values()];
}
