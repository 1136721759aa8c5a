// Messages in channels: saying something, reading, acknowledging, finding.
import { messageTypes, parseMessageType } from "../../core/channels/channel-message.ts";
import { noSuch } from "../../core/channels/refusals.ts";
import type { Arguments } from "./arguments.ts";
import { asParams } from "./channels.ts";
import {
  channelId,
  content,
  inputOf,
  messageId,
  name,
  sender,
  text,
  time,
  word,
} from "./schema.ts";
import type { McpTool } from "./tool.ts";

const limits = {
  history: { least: 1, most: 10_000, usual: 100 },
  search: { least: 1, most: 1000, usual: 20 },
} as const;

const typeWords = [...messageTypes, "ack"];

const sendMessage: McpTool = {
  name: "send_message",
  description:
    "Posts one message to a channel, for everybody in it, and returns it with its id. Works on " +
    "channels of every type; use broadcast to give each participant a copy of their own.",
  input: inputOf(
    { channel_id: channelId, sender, content },
    { message_type: { ...word("What the message is", typeWords), default: "text" } },
  ),
  isReadOnly: false,
  actor: "sender",
  async run({ args, store, session, about }) {
    const draft = {
      channelId: args.integer("channel_id"),
      sender: args.text("sender"),
      content: args.text("content"),
      type: asParams(() => parseMessageType(args.optionalText("message_type") ?? "text")),
    };
    const message = await store.write((comm) => comm.sendMessage(draft));
    about("message", message.id);
    session.touch(message.id);
    return message;
  },
};

const receiveMessages: McpTool = {
  name: "receive_messages",
  description:
    "Reads the messages of a channel, oldest first, without changing anything: the same call " +
    "returns them again. Give recipient to leave out what is addressed to others.",
  input: inputOf(
    { channel_id: channelId },
    {
      recipient: text("Only what is for this one, or for everybody"),
      since: time("Only from this time on (RFC 3339)"),
    },
  ),
  isReadOnly: true,
  run({ args, store }) {
    const id = args.integer("channel_id");
    const filter = { recipient: args.optionalText("recipient"), since: args.optionalText("since") };
    return store.read((comm) => comm.receiveMessages(id, filter));
  },
};

const broadcast: McpTool = {
  name: "broadcast",
  description:
    "Gives each participant of a channel, except the sender, a copy addressed to them, so that " +
    "each can be acknowledged on its own.",
  input: inputOf({ channel_id: channelId, sender, content }),
  isReadOnly: false,
  actor: "sender",
  async run({ args, store, session, about }) {
    const id = args.integer("channel_id");
    about("channel", id);
    const draft = { channelId: id, sender: args.text("sender"), content: args.text("content") };
    const copies = await store.write((comm) => comm.broadcast(draft));
    session.touch(copies.at(-1)?.id);
    return { channel_id: id, delivered_count: copies.length, status: "broadcast" };
  },
};

const queryHistory: McpTool = {
  name: "query_history",
  description:
    "Searches the messages of one channel by time, sender and type: the oldest matches first. " +
    "Use receive_messages with since for what is new, search_messages for words.",
  input: inputOf(
    { channel_id: channelId },
    {
      since: time("From this time on, inclusive (RFC 3339)"),
      before: time("Up to this time, inclusive (RFC 3339)"),
      sender: text("Exactly this sender"),
      message_type: text(`Exactly this type: ${typeWords.join(", ").toLowerCase()}`),
      limit: {
        type: "integer",
        minimum: limits.history.least,
        maximum: limits.history.most,
        default: limits.history.usual,
        description: "How many at most",
      },
    },
  ),
  isReadOnly: true,
  run({ args, store, about }) {
    const id = args.integer("channel_id");
    about("channel", id);
    const filter = {
      since: args.optionalText("since"),
      before: args.optionalText("before"),
      sender: args.optionalText("sender"),
      message_type: typeIn(args),
      limit: args.optionalInteger("limit", limits.history) ?? limits.history.usual,
    };
    return store.read((comm) => comm.queryHistory(id, filter));
  },
};

const searchMessages: McpTool = {
  name: "search_messages",
  description:
    "Finds messages in all channels that contain a text, in any case, newest first. The text is " +
    "taken literally; an empty one matches everything.",
  input: inputOf(
    { query: text("What the messages must contain") },
    {
      max_results: {
        type: "integer",
        minimum: limits.search.least,
        maximum: limits.search.most,
        default: limits.search.usual,
        description: "How many at most",
      },
    },
  ),
  isReadOnly: true,
  run({ args, store }) {
    const query = args.text("query");
    const most = args.optionalInteger("max_results", limits.search) ?? limits.search.usual;
    return store.read((comm) => comm.searchMessages(query, most));
  },
};

const getMessage: McpTool = {
  name: "get_message",
  description: "Shows one message in full, with who has acknowledged it.",
  input: inputOf({ message_id: messageId }),
  isReadOnly: true,
  async run({ args, store, session, about }) {
    const id = args.integer("message_id");
    about("message", id);
    const message = await store.read((comm) => comm.getMessage(id));
    if (message === undefined) throw noSuch("Message", id);
    session.touch(id);
    return message;
  },
};

const acknowledgeMessage: McpTool = {
  name: "acknowledge_message",
  description: "Marks a message as read and understood by somebody. A second time changes nothing.",
  input: inputOf({ message_id: messageId, recipient: name("Who acknowledges") }),
  isReadOnly: false,
  actor: "recipient",
  async run({ args, store, session, about }) {
    const id = args.integer("message_id");
    about("message", id);
    const recipient = args.text("recipient");
    await store.write((comm) => comm.acknowledgeMessage(id, recipient));
    session.touch(id);
    return { message_id: id, recipient, status: "acknowledged" };
  },
};

export const messageTools: readonly McpTool[] = [
  sendMessage,
  receiveMessages,
  broadcast,
  queryHistory,
  searchMessages,
  getMessage,
  acknowledgeMessage,
];

/** In a query, and only there, AgenticComm takes an unknown type for no type at all. */
function typeIn(args: Arguments) {
  const given = args.optionalText("message_type");
  if (given === undefined) return undefined;
  const wanted = given.toLowerCase();
  const isKnown = wanted === "ack" || messageTypes.some((one) => one.toLowerCase() === wanted);
  return isKnown ? parseMessageType(given) : undefined;
}
