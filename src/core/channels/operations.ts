// What can be done with a store of channels, once for all doors: names, parameters, whether it
// writes, what it does, and what is told of it where a record says too much or nothing.

import { type ConfigChange, parseChannelType } from "./channel.ts";
import { parseMessageType } from "./channel-message.ts";
import type { CommStore } from "./comm-store.ts";
import { noSuch } from "./refusals.ts";
import type { Shape, Values } from "./shape.ts";

export interface Operation<S extends Shape, R> {
  isWrite: boolean;
  /** In the order in which a door asks for them. */
  shape: S;
  run(store: CommStore, given: Values<S>): R;
  told(given: Values<S>, result: R): object;
}

const config = {
  max_participants: "count?",
  ttl_seconds: "count?",
  persistence: "flag?",
  encryption_required: "flag?",
} as const;

const draft = { channel_id: "id", sender: "text", content: "text" } as const;

/** The names are those of the MCP tools, where there is one. */
export const operations = {
  create_channel: writes(
    { name: "text", channel_type: "text?", ...config },
    (store, given) => {
      const type = parseChannelType(given.channel_type ?? "group");
      return store.createChannel({ name: given.name, type, config: configOf(given) });
    },
    (_given, channel) => channel,
  ),
  join_channel: writes(
    { channel_id: "id", participant: "text" },
    (store, given) => store.joinChannel(given.channel_id, given.participant),
    (given) => ({ ...memberOf(given), status: "joined" }),
  ),
  leave_channel: writes(
    { channel_id: "id", participant: "text" },
    (store, given) => store.leaveChannel(given.channel_id, given.participant),
    (given) => ({ ...memberOf(given), status: "left" }),
  ),
  list_channels: reads({}, (store) => store.listChannels()),
  get_channel_info: reads({ channel_id: "id" }, (store, { channel_id: id }) =>
    found(store.getChannel(id), "Channel", id),
  ),
  set_channel_config: writes(
    { channel_id: "id", ...config },
    (store, given) => store.setChannelConfig(given.channel_id, configOf(given)),
    (_given, channel) => ({ channel_id: channel.id, status: "updated" }),
  ),
  send_message: writes(
    { ...draft, message_type: "text?" },
    (store, given) => store.sendMessage(typedDraftOf(given)),
    (_given, message) => message,
  ),
  receive_messages: reads(
    { channel_id: "id", recipient: "text?", since: "text?", live: "flag?" },
    (store, { channel_id, recipient, since, live }) =>
      store.receiveMessages(channel_id, { recipient, since, live }),
  ),
  acknowledge_message: writes(
    { message_id: "id", recipient: "text" },
    (store, given) => store.acknowledgeMessage(given.message_id, given.recipient),
    ({ message_id, recipient }) => ({ message_id, recipient, status: "acknowledged" }),
  ),
  broadcast: writes(
    draft,
    (store, given) => store.broadcast(draftOf(given)),
    ({ channel_id }, copies) => ({
      channel_id,
      delivered_count: copies.length,
      status: "broadcast",
    }),
  ),
  subscribe: writes(
    { topic: "text", subscriber: "text" },
    (store, given) => store.subscribe(given.topic, given.subscriber),
    (_given, subscription) => subscription,
  ),
  unsubscribe: writes(
    { subscription_id: "id" },
    (store, given) => store.unsubscribe(given.subscription_id),
    ({ subscription_id }) => ({ status: "unsubscribed", subscription_id }),
  ),
  list_subscriptions: reads({}, (store) => store.listSubscriptions()),
  publish: writes(
    { topic: "text", sender: "text", content: "text" },
    (store, { topic, sender, content }) => store.publish({ topic, sender, content }),
    ({ topic }, copies) => ({ delivered_count: copies.length, status: "published", topic }),
  ),
  query_history: reads(
    {
      channel_id: "id",
      ...{ since: "text?", before: "text?", sender: "text?", message_type: "text?" },
      ...{ limit: "count?", order: "order?", live: "flag?" },
    } as const,
    (store, { channel_id, since, before, sender, message_type, limit, order, live }) => {
      const type = message_type === undefined ? undefined : parseMessageType(message_type);
      const filter = { since, before, sender, message_type: type, limit, order, live };
      return store.queryHistory(channel_id, filter);
    },
  ),
  count_messages: operation(
    false,
    { channel_id: "id" },
    (store, given) => store.countMessages(given.channel_id),
    ({ channel_id }, count) => ({ channel_id, count }),
  ),
  search_messages: reads(
    { query: "text", max_results: "count?", live: "flag?" },
    (store, { query, max_results, live }) =>
      store.searchMessages(query, max_results ?? 20, { live }),
  ),
  expire_messages: writes(
    { dry_run: "flag?" },
    (store, given) => store.expireMessages({ isDryRun: given.dry_run }),
    ({ dry_run }, channels) => ({
      channels,
      expired: channels.reduce((sum, one) => sum + one.expired, 0),
      status: dry_run === true ? "would expire" : "expired",
    }),
  ),
  get_message: reads({ message_id: "id" }, (store, { message_id: id }) =>
    found(store.getMessage(id), "Message", id),
  ),
  stats: reads({}, (store) => store.stats()),
};

function writes<const S extends Shape, R>(
  shape: S,
  run: (store: CommStore, given: Values<S>) => R,
  told: (given: Values<S>, result: R) => object,
): Operation<S, R> {
  return operation(true, shape, run, told);
}

/** What was asked for is the answer. */
function reads<const S extends Shape, R extends object>(
  shape: S,
  run: (store: CommStore, given: Values<S>) => R,
): Operation<S, R> {
  return operation(false, shape, run, (_given, result) => result);
}

function operation<const S extends Shape, R>(
  isWrite: boolean,
  shape: S,
  run: (store: CommStore, given: Values<S>) => R,
  told: (given: Values<S>, result: R) => object,
): Operation<S, R> {
  return { isWrite, shape, run, told };
}

/** As the store takes it, with the type that was meant. */
export function typedDraftOf(given: Values<typeof draft> & { message_type?: string | undefined }) {
  return { ...draftOf(given), type: parseMessageType(given.message_type ?? "text") };
}

function draftOf(given: Values<typeof draft>) {
  return { channelId: given.channel_id, sender: given.sender, content: given.content };
}

function memberOf({ channel_id, participant }: { channel_id: number; participant: string }) {
  return { channel_id, participant };
}

function configOf(given: Values<typeof config>): ConfigChange {
  const { max_participants, ttl_seconds, persistence, encryption_required } = given;
  return { max_participants, ttl_seconds, persistence, encryption_required };
}

function found<T>(record: T | undefined, what: "Channel" | "Message", id: number): T {
  if (record === undefined) throw noSuch(what, id);
  return record;
}
