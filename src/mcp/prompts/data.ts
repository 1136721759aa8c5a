// What the store holds, as the texts that prompts are filled in with.
import type { Channel } from "../../core/channels/channel.ts";
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import type { CommStore } from "../../core/channels/comm-store.ts";
import { noSuch } from "../../core/channels/refusals.ts";
import { timestampOf } from "../../core/channels/timestamp.ts";
import { badCall, type Door } from "../door.ts";

export interface Wanted {
  channelId: number | undefined;
  messageId: number | undefined;
  messageLimit: number;
  withMessages: boolean;
  withSubscriptions: boolean;
  withContext: boolean;
  window: string | undefined;
  symptom: string | undefined;
}

export type Data = Record<string, string | undefined>;

/** A model reads all of it: long lists show their newest part, long texts their beginning. */
const most = { messages: 50, around: 20, characters: 500, operations: 20 } as const;

export function dataOf(door: Door, prompt: string, wanted: Wanted): Promise<Data> {
  const nowMs = door.system.now();
  const now = timestampOf(nowMs);
  switch (prompt) {
    case "comm-status":
      return door.store.read((store) => ({ now, ...statusOf(store, wanted) }));
    case "channel-health": {
      const window = wanted.window ?? "24h";
      const since = sinceOf(window, nowMs);
      const id = wanted.channelId ?? 0;
      return door.store.read((store) => ({
        now,
        time_window: window,
        ...healthOf(store, id, since),
      }));
    }
    case "thread-summary":
      return door.store.read((store) => threadOf(store, wanted));
    case "comm-topology": {
      const window = wanted.window ?? "7d";
      const since = sinceOf(window, nowMs);
      return door.store.read((store) => ({
        now,
        time_window: window,
        ...topologyOf(store, since),
      }));
    }
    default: {
      const operations = door.connection.journal
        .operations()
        .slice(-most.operations)
        .map((one) => `${one.timestamp} ${one.tool_name} ${one.ok ? "ok" : "failed"}`)
        .join("\n");
      return door.store.read((store) => ({
        now,
        operations: operations || undefined,
        ...troubleOf(store, wanted),
      }));
    }
  }
}

function statusOf(store: CommStore, wanted: Wanted): Data {
  return {
    stats: statsText(store),
    channels: channelsText(store.listChannels()),
    messages: wanted.withMessages ? newestText(store, wanted.messageLimit) : "(left out)",
    subscriptions: wanted.withSubscriptions ? subscriptionsText(store) : "(left out)",
  };
}

function healthOf(store: CommStore, id: number, since: string): Data {
  const channel = requireChannel(store, id);
  const messages = store.queryHistory(id, { since });
  const shown = messages.slice(-most.messages);
  return {
    channel_id: String(id),
    channel: channelText(channel),
    senders: countsText(messages.map((message) => message.sender)),
    messages: messagesText(shown),
    showing: String(shown.length),
    total: String(messages.length),
  };
}

function threadOf(store: CommStore, wanted: Wanted): Data {
  const id = wanted.messageId ?? 0;
  const message = store.getMessage(id);
  if (message === undefined) throw noSuch("Message", id);
  return {
    message_id: String(id),
    message: messageText(message, Number.POSITIVE_INFINITY),
    messages: wanted.withContext ? messagesText(aroundOf(store, message)) : "(left out)",
  };
}

function aroundOf(store: CommStore, message: ChannelMessage): ChannelMessage[] {
  const { channel_id, timestamp, id } = message;
  const query = { limit: most.around + 1 };
  const before = store
    .queryHistory(channel_id, { ...query, before: timestamp, order: "desc" })
    .reverse();
  const after = store.queryHistory(channel_id, { ...query, since: timestamp });
  const others = new Map([...before, ...after].map((one) => [one.id, one]));
  return [...others.values()].filter((one) => one.id !== id);
}

function topologyOf(store: CommStore, since: string): Data {
  const channels = store.listChannels();
  const traffic = channels.flatMap((channel) =>
    store
      .queryHistory(channel.id, { since })
      .map((message) => `#${channel.id} ${channel.name}: ${message.sender}`),
  );
  return {
    channels: channelsText(channels),
    traffic: countsText(traffic),
    subscriptions: subscriptionsText(store),
  };
}

function troubleOf(store: CommStore, wanted: Wanted): Data {
  const { channelId, messageId, symptom } = wanted;
  const channel = channelId === undefined ? undefined : store.getChannel(channelId);
  const message = messageId === undefined ? undefined : store.getMessage(messageId);
  return {
    symptom,
    stats: statsText(store),
    channels: channelsText(store.listChannels()),
    channel: channel === undefined ? missing("channel", channelId) : channelText(channel),
    message: message === undefined ? missing("message", messageId) : messageText(message),
    messages: newestText(store, most.around),
    subscriptions: subscriptionsText(store),
  };
}

function missing(what: string, id: number | undefined): string | undefined {
  return id === undefined ? undefined : `(there is no ${what} ${id})`;
}

function requireChannel(store: CommStore, id: number): Channel {
  const channel = store.getChannel(id);
  if (channel === undefined) throw noSuch("Channel", id);
  return channel;
}

function statsText(store: CommStore): string {
  const entries = Object.entries(store.stats());
  return entries.map(([name, value]) => `${name}: ${value}`).join("\n");
}

function channelsText(channels: readonly Channel[]): string | undefined {
  return channels.map(channelText).join("\n") || undefined;
}

function channelText({ id, name, channel_type, participants, config }: Channel): string {
  const members = participants.length === 0 ? "nobody" : participants.join(", ");
  const { max_participants, ttl_seconds } = config;
  const limits = `max_participants ${max_participants}, ttl_seconds ${ttl_seconds}`;
  return `#${id} ${name} (${channel_type}): ${members}; ${limits}`;
}

function newestText(store: CommStore, limit: number): string | undefined {
  const count = Math.min(Math.max(1, limit), most.messages);
  return messagesText(store.searchMessages("", count).reverse());
}

function messagesText(messages: readonly ChannelMessage[]): string | undefined {
  return messages.map((message) => messageText(message)).join("\n") || undefined;
}

function messageText(message: ChannelMessage, longest: number = most.characters): string {
  const { id, channel_id, timestamp, sender, recipient, message_type: type, content } = message;
  const acks = message.acknowledged_by;
  const to = recipient === null ? "" : ` to ${recipient}`;
  const marks = acks.length === 0 ? "" : ` (acknowledged by ${acks.join(", ")})`;
  const text = content.length > longest ? `${content.slice(0, longest)} [...]` : content;
  const shown = text.replaceAll("\n", "\n    ");
  const where = `#${id} in channel ${channel_id}`;
  return `${where} ${timestamp} ${type} ${sender}${to}${marks}: ${shown}`;
}

function subscriptionsText(store: CommStore): string | undefined {
  const lines = store
    .listSubscriptions()
    .map((one) => `#${one.id} ${one.subscriber}: ${one.topic}`);
  return lines.join("\n") || undefined;
}

function countsText(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([name, count]) => `${name}: ${count}`).join("\n") || undefined;
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function sinceOf(window: string, nowMs: number): string {
  const [, amount, unit] = /^(\d{1,4})([mhd])$/.exec(window) ?? [];
  if (unit !== "m" && unit !== "h" && unit !== "d") {
    throw badCall(`time_window must be a number of minutes, hours or days (30m, 24h, 7d)`);
  }
  return timestampOf(nowMs - Number(amount) * unitMs[unit]);
}
