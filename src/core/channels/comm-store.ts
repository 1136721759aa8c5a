// What can be done with channels, whatever keeps them: the live store in the log's database, or the
// memory of one document. One contract suite runs on every form of it.
import type { Channel, ChannelType, ConfigChange } from "./channel.ts";
import type { ChannelMessage, MessageFilter, MessageType } from "./channel-message.ts";

export interface Subscription {
  /** Counted from 1 in each store; never reused. */
  id: number;
  /** A channel's name, or a pattern (`topic.ts`). No channel need exist. */
  topic: string;
  subscriber: string;
  /** RFC 3339, UTC. */
  created_at: string;
}

export interface CommStats {
  channel_count: number;
  message_count: number;
  subscription_count: number;
  /** Over all channels: who is in two counts twice. */
  total_participants: number;
}

export interface Searching {
  /** Without what has outlived its channel's time to live. */
  live?: boolean | undefined;
}

export interface Receiving extends Searching {
  recipient?: string | undefined;
  since?: string | undefined;
}

export interface Expiring {
  /** Nothing is changed, only counted. */
  isDryRun?: boolean | undefined;
}

export interface Expired {
  channel_id: number;
  expired: number;
}

/**
 * Every operation that changes something either happens as a whole or throws a `Refusal`
 * (`refusals.ts`) and changes nothing. Records that come out are the caller's own.
 */
export interface CommStore {
  /** Names need not be unique. */
  createChannel(draft: {
    name: string;
    type: ChannelType;
    config?: ConfigChange | undefined;
  }): Channel;
  joinChannel(channelId: number, participant: string): void;
  /** Messages of who leaves stay. */
  leaveChannel(channelId: number, participant: string): void;
  /** By id. */
  listChannels(): Channel[];
  getChannel(channelId: number): Channel | undefined;
  /** Fields that are not given stay. A lower limit evicts nobody. */
  setChannelConfig(channelId: number, change: ConfigChange): Channel;
  /** One message for everybody in the channel, whatever its type; the sender need not be in it. */
  sendMessage(draft: {
    channelId: number;
    sender: string;
    content: string;
    type?: MessageType | undefined;
  }): ChannelMessage;
  /**
   * Oldest first by (time, id), without changing anything. With a recipient: what is for
   * everybody and what is for it. `since` is inclusive; one that is no time counts as none.
   */
  receiveMessages(channelId: number, filter?: Receiving): ChannelMessage[];
  /** The second time changes nothing. Anybody may. */
  acknowledgeMessage(messageId: number, recipient: string): void;
  /** A copy for each participant but the sender, in the order of joining, of type Broadcast. */
  broadcast(draft: { channelId: number; sender: string; content: string }): ChannelMessage[];
  subscribe(topic: string, subscriber: string): Subscription;
  unsubscribe(subscriptionId: number): void;
  /** By id. */
  listSubscriptions(): Subscription[];
  /**
   * A copy of type Notification for each matching subscriber but the sender, by the id of its
   * first matching subscription. Goes through the pub/sub channel of that name with the lowest
   * id, which is created when there is none.
   */
  publish(draft: { topic: string; sender: string; content: string }): ChannelMessage[];
  /** Oldest first by (time, id), then the first `limit`. An unknown channel has no history. */
  queryHistory(channelId: number, filter?: MessageFilter): ChannelMessage[];
  /** As many as `queryHistory` finds without a filter, and without reading them. */
  countMessages(channelId: number): number;
  /** All channels, by lower-cased substring, newest first by (time, id). "" matches everything. */
  searchMessages(query: string, limit: number, how?: Searching): ChannelMessage[];
  /**
   * Ends what has outlived its channel's time to live; says how many in which channel, by id. In a
   * document of a later layout they become dead letters.
   */
  expireMessages(how?: Expiring): Expired[];
  getMessage(messageId: number): ChannelMessage | undefined;
  stats(): CommStats;
}

/** The one comparison of search: a substring after Unicode lower-casing of both sides. */
export function contentMatches(content: string, loweredQuery: string): boolean {
  return content.toLowerCase().includes(loweredQuery);
}
