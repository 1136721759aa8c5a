// The commands about messages, topics and the store as a whole. Made-up objects have their keys in
// alphabetical order, records the order of their fields: scripts compare the text.
import { type MessageType, parseMessageType } from "../core/channels/channel-message.ts";
import { noSuch } from "../core/channels/refusals.ts";
import { withOffset } from "../core/channels/timestamp.ts";
import { Refusal } from "../core/refusal.ts";
import type { Args, Positional, Verb, VerbFlag } from "./verb.ts";

const channel: Positional = {
  name: "CHANNEL",
  isNumber: true,
  about: "its id: acomm channel list",
};
const content: Positional = { name: "CONTENT", about: "the text, at most 1 MiB" };
const topic: Positional = { name: "TOPIC", about: "named like a channel; dots may part it" };
const sender: VerbFlag = {
  name: "sender",
  value: "NAME",
  default: "cli-user",
  about: "who is speaking",
};

const live: VerbFlag = {
  name: "live",
  about: "without what has outlived the ttl_seconds of its channel",
};

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
function limitOf(args: Args, usual: number): number {
  return Math.min(args.flagNumber("limit") ?? usual, Number.MAX_SAFE_INTEGER);
}

export const messageVerbs: readonly Verb[] = [
  {
    words: "send",
    about: "put a message into a channel, for everybody in it",
    positionals: [channel, content],
    flags: [
      {
        name: "type",
        value: "TYPE",
        default: "text",
        about: "text, command, query, response, broadcast, notification, ack or error",
      },
      sender,
    ],
    examples: ['acomm send 1 "build is green" --sender ci'],
    access: "write",
    run(store, args) {
      const type = messageTypeOf(args.flag("type") ?? "text");
      const sent = store.sendMessage({
        channelId: args.number("CHANNEL"),
        sender: args.flag("sender") ?? "cli-user",
        content: args.text("CONTENT"),
        type,
      });
      return {
        channel_id: sent.channel_id,
        message_id: sent.id,
        status: "sent",
        timestamp: withOffset(sent.timestamp),
      };
    },
  },
  {
    words: "receive",
    about: "the messages of a channel, oldest first; nothing is marked as read",
    positionals: [channel],
    flags: [
      { name: "since", value: "TIME", about: "not older than this RFC 3339 time" },
      { name: "recipient", value: "NAME", about: "only what is for everybody or for NAME" },
      live,
    ],
    examples: ["acomm receive 1 --since 2026-03-01T08:00:00Z --recipient reviewer"],
    access: "read",
    run: (store, args) =>
      store.receiveMessages(args.number("CHANNEL"), {
        recipient: args.flag("recipient"),
        since: args.flag("since"),
        live: args.has("live"),
      }),
  },
  {
    words: "broadcast",
    about: "send each participant of a channel but the sender a copy of its own",
    positionals: [channel, content],
    flags: [sender],
    examples: ['acomm broadcast 1 "freeze at noon" --sender lead'],
    access: "write",
    run(store, args) {
      const channelId = args.number("CHANNEL");
      const copies = store.broadcast({
        channelId,
        sender: args.flag("sender") ?? "cli-user",
        content: args.text("CONTENT"),
      });
      return { channel_id: channelId, delivered_count: copies.length, status: "broadcast" };
    },
  },
  {
    words: "subscribe",
    about: "have what is published to a topic delivered",
    positionals: [
      { name: "TOPIC", about: "a topic, or a dotted pattern: build.*, build.#" },
      { name: "SUBSCRIBER", about: "who gets it" },
    ],
    examples: ["acomm subscribe deploys reviewer", "acomm subscribe 'build.#' ci"],
    access: "write",
    run(store, args) {
      const made = store.subscribe(args.text("TOPIC"), args.text("SUBSCRIBER"));
      return {
        status: "subscribed",
        subscriber: made.subscriber,
        subscription_id: made.id,
        topic: made.topic,
      };
    },
  },
  {
    words: "unsubscribe",
    about: "end a subscription",
    positionals: [{ name: "SUBSCRIPTION", isNumber: true, about: "the subscription's id" }],
    examples: ["acomm unsubscribe 3"],
    access: "write",
    run(store, args) {
      const id = args.number("SUBSCRIPTION");
      store.unsubscribe(id);
      return { status: "unsubscribed", subscription_id: id };
    },
  },
  {
    words: "publish",
    about: "deliver to every subscriber of a topic but the sender",
    positionals: [topic, content],
    flags: [sender],
    examples: ['acomm publish deploys "v2 is live" --sender ci'],
    access: "write",
    run(store, args) {
      const copies = store.publish({
        topic: args.text("TOPIC"),
        sender: args.flag("sender") ?? "cli-user",
        content: args.text("CONTENT"),
      });
      return { delivered_count: copies.length, status: "published", topic: args.text("TOPIC") };
    },
  },
  {
    words: "subscriptions",
    about: "all subscriptions",
    positionals: [],
    examples: ["acomm subscriptions"],
    access: "read",
    run: (store) => store.listSubscriptions(),
  },
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
      const limit = limitOf(args, 50);
      const isLive = { live: args.has("live") };
      return query === undefined
        ? store.queryHistory(args.number("CHANNEL"), { limit, ...isLive })
        : store.searchMessages(query, limit, isLive);
    },
  },
  {
    words: "search",
    about: "messages of all channels that contain a text in any case, newest first",
    positionals: [{ name: "TEXT", about: "taken literally" }],
    flags: [
      { name: "limit", value: "N", isNumber: true, default: "20", about: "at most so many" },
      live,
    ],
    examples: ["acomm search 'merge conflict' --limit 5"],
    access: "read",
    run(store, args) {
      const limit = limitOf(args, 20);
      return store.searchMessages(args.text("TEXT"), limit, { live: args.has("live") });
    },
  },
  {
    words: "get",
    about: "one message",
    positionals: [{ name: "MESSAGE", isNumber: true, about: "the message's id" }],
    examples: ["acomm get 42"],
    access: "read",
    run(store, args) {
      const id = args.number("MESSAGE");
      const found = store.getMessage(id);
      if (found === undefined) throw noSuch("Message", id);
      return found;
    },
  },
  {
    words: "ack",
    about: "acknowledge a message; once more changes nothing",
    positionals: [
      { name: "MESSAGE", isNumber: true, about: "the message's id" },
      { name: "RECIPIENT", about: "who acknowledges" },
    ],
    examples: ["acomm ack 42 reviewer"],
    access: "write",
    run(store, args) {
      const [id, recipient] = [args.number("MESSAGE"), args.text("RECIPIENT")];
      store.acknowledgeMessage(id, recipient);
      return { message_id: id, recipient, status: "acknowledged" };
    },
  },
  {
    words: "expire",
    about: "end what has outlived the ttl_seconds of its channel: nothing else in a file does",
    positionals: [],
    flags: [{ name: "dry-run", about: "count it and change nothing" }],
    examples: ["acomm expire --dry-run"],
    access: "write",
    run(store, args) {
      const isDryRun = args.has("dry-run");
      const channels = store.expireMessages({ isDryRun });
      return {
        channels,
        expired: channels.reduce((sum, one) => sum + one.expired, 0),
        status: isDryRun ? "would expire" : "expired",
      };
    },
  },
  {
    words: "stats",
    about: "how many channels, messages, subscriptions and participants",
    positionals: [],
    examples: ["acomm stats"],
    access: "read",
    run: (store) => store.stats(),
  },
];
