// The commands about messages, topics and the store as a whole. Made-up objects have their keys in
// alphabetical order, records the order of their fields: scripts compare the text.
import { type MessageType, parseMessageType } from "../core/channels/channel-message.ts";
import { operations } from "../core/channels/operations.ts";
import { withOffset } from "../core/channels/timestamp.ts";
import { Refusal } from "../core/refusal.ts";
import { operationVerb } from "./operation-verb.ts";
import type { Verb } from "./verb.ts";

const channel = {
  name: "CHANNEL",
  as: "channel_id",
  isNumber: true,
  about: "its id: acomm channel list",
} as const;
const message = {
  name: "MESSAGE",
  as: "message_id",
  isNumber: true,
  about: "the message's id",
} as const;
const content = { name: "CONTENT", as: "content", about: "the text, at most 1 MiB" } as const;
const sender = {
  name: "sender",
  as: "sender",
  value: "NAME",
  default: "cli-user",
  about: "who is speaking",
} as const;
const live = {
  name: "live",
  as: "live",
  about: "without what has outlived the ttl_seconds of its channel",
} as const;

/** In the words that the program has always used around an unknown type. */
export function messageTypeOf(text: string): MessageType {
  return named("Invalid message type", () => parseMessageType(text));
}

export function named<T>(prefix: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, exit } = error;
    throw new Refusal({ code, message: `${prefix}: ${message}`, exit });
  }
}

/** Nobody has so many that a larger number would mean another one. */
function limitOf(given: number | undefined): number | undefined {
  return given === undefined ? undefined : Math.min(given, Number.MAX_SAFE_INTEGER);
}

export const messageVerbs: readonly Verb[] = [
  operationVerb(operations.send_message, {
    words: "send",
    about: "put a message into a channel, for everybody in it",
    positionals: [channel, content],
    flags: [
      {
        name: "type",
        as: "message_type",
        value: "TYPE",
        default: "text",
        about: "text, command, query, response, broadcast, notification, ack or error",
      },
      sender,
    ],
    examples: ['acomm send 1 "build is green" --sender ci'],
    meant(given) {
      messageTypeOf(given.message_type ?? "text");
      return given;
    },
    told: (_given, { id: message_id, channel_id, timestamp }) => ({
      channel_id,
      message_id,
      status: "sent",
      timestamp: withOffset(timestamp),
    }),
  }),
  operationVerb(operations.receive_messages, {
    words: "receive",
    about: "the messages of a channel, oldest first; nothing is marked as read",
    positionals: [channel],
    flags: [
      { name: "since", as: "since", value: "TIME", about: "not older than this RFC 3339 time" },
      {
        name: "recipient",
        as: "recipient",
        value: "NAME",
        about: "only what is for everybody or for NAME",
      },
      live,
    ],
    examples: ["acomm receive 1 --since 2026-03-01T08:00:00Z --recipient reviewer"],
  }),
  operationVerb(operations.broadcast, {
    words: "broadcast",
    about: "send each participant of a channel but the sender a copy of its own",
    positionals: [channel, content],
    flags: [sender],
    examples: ['acomm broadcast 1 "freeze at noon" --sender lead'],
  }),
  operationVerb(operations.subscribe, {
    words: "subscribe",
    about: "have what is published to a topic delivered",
    positionals: [
      { name: "TOPIC", as: "topic", about: "a topic, or a dotted pattern: build.*, build.#" },
      { name: "SUBSCRIBER", as: "subscriber", about: "who gets it" },
    ],
    examples: ["acomm subscribe deploys reviewer", "acomm subscribe 'build.#' ci"],
    told: (_given, { id: subscription_id, subscriber, topic }) => ({
      status: "subscribed",
      subscriber,
      subscription_id,
      topic,
    }),
  }),
  operationVerb(operations.unsubscribe, {
    words: "unsubscribe",
    about: "end a subscription",
    positionals: [
      {
        name: "SUBSCRIPTION",
        as: "subscription_id",
        isNumber: true,
        about: "the subscription's id",
      },
    ],
    examples: ["acomm unsubscribe 3"],
  }),
  operationVerb(operations.publish, {
    words: "publish",
    about: "deliver to every subscriber of a topic but the sender",
    positionals: [
      { name: "TOPIC", as: "topic", about: "named like a channel; dots may part it" },
      content,
    ],
    flags: [sender],
    examples: ['acomm publish deploys "v2 is live" --sender ci'],
  }),
  operationVerb(operations.list_subscriptions, {
    words: "subscriptions",
    about: "all subscriptions",
    positionals: [],
    examples: ["acomm subscriptions"],
  }),
  {
    words: "history",
    about: "the first messages of a channel; with --query a search through all channels",
    positionals: [channel],
    flags: [
      { name: "query", value: "TEXT", about: "search all channels for TEXT, newest first" },
      { name: "limit", value: "N", isNumber: true, default: "50", about: "at most so many" },
      live,
    ],
    examples: ["acomm history 1 --limit 10", "acomm history 1 --query 'merge conflict'"],
    access: "read",
    run(store, args) {
      const query = args.flag("query");
      const limit = limitOf(args.flagNumber("limit"));
      const isLive = { live: args.has("live") };
      return query === undefined
        ? store.queryHistory(args.number("CHANNEL"), { limit, ...isLive })
        : store.searchMessages(query, limit ?? 50, isLive);
    },
  },
  operationVerb(operations.search_messages, {
    words: "search",
    about: "messages of all channels that contain a text in any case, newest first",
    positionals: [{ name: "TEXT", as: "query", about: "taken literally" }],
    flags: [
      {
        name: "limit",
        as: "max_results",
        value: "N",
        isNumber: true,
        default: "20",
        about: "at most so many",
      },
      live,
    ],
    examples: ["acomm search 'merge conflict' --limit 5"],
    meant: (given) => ({ ...given, max_results: limitOf(given.max_results) }),
  }),
  operationVerb(operations.get_message, {
    words: "get",
    about: "one message",
    positionals: [message],
    examples: ["acomm get 42"],
  }),
  operationVerb(operations.acknowledge_message, {
    words: "ack",
    about: "acknowledge a message; once more changes nothing",
    positionals: [message, { name: "RECIPIENT", as: "recipient", about: "who acknowledges" }],
    examples: ["acomm ack 42 reviewer"],
  }),
  operationVerb(operations.expire_messages, {
    words: "expire",
    about: "end what has outlived the ttl_seconds of its channel: nothing else in a file does",
    positionals: [],
    flags: [{ name: "dry-run", as: "dry_run", about: "count it and change nothing" }],
    examples: ["acomm expire --dry-run"],
  }),
  operationVerb(operations.stats, {
    words: "stats",
    about: "how many channels, messages, subscriptions and participants",
    positionals: [],
    examples: ["acomm stats"],
  }),
];
