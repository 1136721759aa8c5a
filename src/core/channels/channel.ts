// A named channel: what it may be called, the kinds there are and what can be configured. Records
// have the field names and order in which every door prints them.
import { badEnum, invalidChannelName } from "./refusals.ts";

export const channelTypes = ["Direct", "Group", "Broadcast", "PubSub"] as const;
export type ChannelType = (typeof channelTypes)[number];

export interface ChannelConfig {
  /** 0 = no limit; at most 2^32-1. */
  max_participants: number;
  /** Seconds that a message lives; 0 = for ever. docs/channels.md says what ends them. */
  ttl_seconds: number;
  persistence: boolean;
  /** Recorded and shown; there are no keys for it yet. */
  encryption_required: boolean;
}

/** Fields that are not given stay as they are. */
export type ConfigChange = { [Key in keyof ChannelConfig]?: ChannelConfig[Key] | undefined };

export interface Channel {
  /** Counted from 1 in each store; never reused. */
  id: number;
  /** Not unique. */
  name: string;
  channel_type: ChannelType;
  /** RFC 3339, UTC, see `timestamp.ts`. */
  created_at: string;
  /** In the order of joining. Who creates a channel does not join it by that. */
  participants: string[];
  config: ChannelConfig;
  /** Only in documents of the later layouts, and only where it is not `Active`: `Closed` ... */
  state?: string;
}

export const defaultConfig: Readonly<ChannelConfig> = {
  max_participants: 0,
  ttl_seconds: 0,
  persistence: true,
  encryption_required: false,
};

const longestName = 128;

/** Channels and topics are named by the same rule; the length counts UTF-8 bytes. */
export function checkChannelName(name: string): string {
  const bytes = new TextEncoder().encode(name).length;
  if (bytes < 1 || bytes > longestName) {
    throw invalidChannelName("Channel name must be 1-128 characters");
  }
  if (!/^[\p{Alphabetic}\p{N}_-]+$/u.test(name)) {
    throw invalidChannelName(
      "Channel name must contain only alphanumeric characters, hyphens, or underscores",
    );
  }
  return name;
}

/** Typed in any case: `direct group broadcast pubsub`. */
export function parseChannelType(text: string): ChannelType {
  const wanted = text.toLowerCase();
  const found = channelTypes.find((type) => type.toLowerCase() === wanted);
  if (found === undefined) throw badEnum("channel type", wanted, channelTypes);
  return found;
}

/** How many a channel holds: two in a direct one, else as configured; 0 = no limit. */
export function capacityOf(channel: { channel_type: ChannelType; max: number }): number {
  if (channel.channel_type !== "Direct") return channel.max;
  return channel.max === 0 ? 2 : Math.min(2, channel.max);
}
