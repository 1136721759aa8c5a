// The methods on an open store: one for each operation of `CommStore`, under the names that the
// MCP tools have where they have one. Results are the records as they are.

import { type ChannelConfig, parseChannelType } from "../../core/channels/channel.ts";
import {
  checkContent,
  checkSender,
  parseMessageType,
} from "../../core/channels/channel-message.ts";
import type { CommStore } from "../../core/channels/comm-store.ts";
import { channelNotFound, noSuch } from "../../core/channels/refusals.ts";
import { checkMaySend } from "../../core/channels/snapshot.ts";
import { asObject } from "../../core/json.ts";
import { InvalidParams, readParams, type Shape, type Values } from "./params.ts";

export interface Operation {
  isWrite: boolean;
  /** Checks the parameters at once; what it returns does the work. */
  plan(params: unknown): { store: number; run(store: CommStore): unknown };
}

const config = {
  max_participants: "count?",
  ttl_seconds: "count?",
  persistence: "flag?",
  encryption_required: "flag?",
} as const;

const draft = { channel_id: "id", sender: "text", content: "text" } as const;

export const operations: Readonly<Record<string, Operation>> = {
  create_channel: writes({ name: "text", channel_type: "text?", ...config }, (store, given) => {
    const type = parseChannelType(given.channel_type ?? "group");
    return store.createChannel({ name: given.name, type, config: configOf(given) });
  }),
  join_channel: writes({ channel_id: "id", participant: "text" }, (store, given) =>
    store.joinChannel(given.channel_id, given.participant),
  ),
  leave_channel: writes({ channel_id: "id", participant: "text" }, (store, given) =>
    store.leaveChannel(given.channel_id, given.participant),
  ),
  list_channels: reads({}, (store) => store.listChannels()),
  get_channel_info: reads({ channel_id: "id" }, (store, { channel_id: id }) =>
    found(store.getChannel(id), "Channel", id),
  ),
  set_channel_config: writes({ channel_id: "id", ...config }, (store, given) =>
    store.setChannelConfig(given.channel_id, configOf(given)),
  ),
  send_message: writes({ ...draft, message_type: "text?" }, (store, given) => {
    const type = parseMessageType(given.message_type ?? "text");
    return store.sendMessage({ ...draftOf(given), type });
  }),
  send_messages: {
    isWrite: true,
    plan(params) {
      const { messages, store, ...others } = asObject(params);
      const given = readParams({ ...others, store }, { store: "id" });
      const drafts = draftsIn(messages);
      return { store: given.store, run: (comm) => sendAll(comm, drafts) };
    },
  },
  receive_messages: reads(
    { channel_id: "id", recipient: "text?", since: "text?", live: "flag?" },
    (store, { channel_id, store: _, ...filter }) => store.receiveMessages(channel_id, filter),
  ),
  acknowledge_message: writes({ message_id: "id", recipient: "text" }, (store, given) =>
    store.acknowledgeMessage(given.message_id, given.recipient),
  ),
  broadcast: writes(draft, (store, given) => store.broadcast(draftOf(given))),
  subscribe: writes({ topic: "text", subscriber: "text" }, (store, given) =>
    store.subscribe(given.topic, given.subscriber),
  ),
  unsubscribe: writes({ subscription_id: "id" }, (store, given) =>
    store.unsubscribe(given.subscription_id),
  ),
  list_subscriptions: reads({}, (store) => store.listSubscriptions()),
  publish: writes({ topic: "text", sender: "text", content: "text" }, (store, given) =>
    store.publish({ topic: given.topic, sender: given.sender, content: given.content }),
  ),
  query_history: reads(
    {
      channel_id: "id",
      ...{ since: "text?", before: "text?", sender: "text?", message_type: "text?" },
      ...{ limit: "count?", order: "text?", live: "flag?" },
    },
    (store, { channel_id, message_type, order, store: _, ...filter }) =>
      store.queryHistory(channel_id, {
        ...filter,
        message_type: message_type === undefined ? undefined : parseMessageType(message_type),
        order: orderOf(order),
      }),
  ),
  count_messages: reads({ channel_id: "id" }, (store, given) =>
    store.countMessages(given.channel_id),
  ),
  search_messages: reads(
    { query: "text", max_results: "count?", live: "flag?" },
    (store, { query, max_results, live }) =>
      store.searchMessages(query, max_results ?? 20, { live }),
  ),
  expire_messages: writes({ dry_run: "flag?" }, (store, given) =>
    store.expireMessages({ isDryRun: given.dry_run }),
  ),
  get_message: reads({ message_id: "id" }, (store, { message_id: id }) =>
    found(store.getMessage(id), "Message", id),
  ),
  stats: reads({}, (store) => store.stats()),
};

type Given<S extends Shape> = Values<S & { store: "id" }>;
type Work<S extends Shape> = (store: CommStore, given: Given<S>) => unknown;

function writes<const S extends Shape>(shape: S, work: Work<S>): Operation {
  return operation(true, shape, work);
}

function reads<const S extends Shape>(shape: S, work: Work<S>): Operation {
  return operation(false, shape, work);
}

function operation<S extends Shape>(isWrite: boolean, shape: S, work: Work<S>): Operation {
  const whole = { ...shape, store: "id" } as const;
  return {
    isWrite,
    plan(params) {
      const given: Given<S> = readParams(params, whole);
      return { store: given.store, run: (store) => work(store, given) };
    },
  };
}

type Draft = Parameters<CommStore["sendMessage"]>[0];

function draftsIn(messages: unknown): Draft[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new InvalidParams("messages must be a list of at least one");
  }
  const shape = { ...draft, message_type: "text?" } as const;
  return messages.map((one: unknown) => {
    const given = readParams(one, shape);
    return { ...draftOf(given), type: parseMessageType(given.message_type ?? "text") };
  });
}

/** All or none, in memory, too, where nothing takes a half of them back. */
function sendAll(store: CommStore, drafts: readonly Draft[]): { id: number; count: number } {
  const channels = new Set<number>();
  for (const one of drafts) {
    checkSender(one.sender.toWellFormed());
    checkContent(one.content.toWellFormed());
    if (channels.has(one.channelId)) continue;
    const channel = store.getChannel(one.channelId);
    if (channel === undefined) throw channelNotFound(one.channelId);
    checkMaySend(channel.id, channel.state);
    channels.add(channel.id);
  }
  const ids = drafts.map((one) => store.sendMessage(one).id);
  return { id: ids[0] ?? 0, count: ids.length };
}

function draftOf(given: Values<typeof draft>) {
  return { channelId: given.channel_id, sender: given.sender, content: given.content };
}

function orderOf(text: string | undefined): "asc" | "desc" | undefined {
  if (text === undefined || text === "asc" || text === "desc") return text;
  throw new InvalidParams("order must be asc or desc");
}

/** Only what was given. */
function configOf(given: Values<typeof config>): Partial<ChannelConfig> {
  const { max_participants, ttl_seconds, persistence, encryption_required } = given;
  return {
    ...(max_participants === undefined ? {} : { max_participants }),
    ...(ttl_seconds === undefined ? {} : { ttl_seconds }),
    ...(persistence === undefined ? {} : { persistence }),
    ...(encryption_required === undefined ? {} : { encryption_required }),
  };
}

function found<T>(record: T | undefined, what: "Channel" | "Message", id: number): T {
  if (record === undefined) throw noSuch(what, id);
  return record;
}
