// Messages in channels: saying something, reading, acknowledging, finding.
import { messageTypes, parseMessageType } from "../../core/channels/channel-message.ts";
import { operations } from "../../core/channels/operations.ts";
import { asParams } from "./arguments.ts";
import { channelTool } from "./channel-tool.ts";
import { channelId, content, messageId, name, sender, text, time, word } from "./schema.ts";
import type { McpTool } from "./tool.ts";

const most = (maximum: number, usual: number) => ({
  type: "integer" as const,
  minimum: 1,
  maximum,
  default: usual,
  description: "How many at most",
});
const limit = most(10_000, 100);

const typeWords = [...messageTypes, "ack"];

const ofChannel = ({ channel_id }: { channel_id: number }) => ["channel", channel_id] as const;
const ofMessage = ({ message_id }: { message_id: number }) => ["message", message_id] as const;

export const messageTools: readonly McpTool[] = [
  channelTool("send_message", operations.send_message, {
    description:
      "Posts one message to a channel, for everybody in it, and returns it with its id. Works on " +
      "channels of every type; use broadcast to give each participant a copy of their own.",
    properties: {
      channel_id: channelId,
      sender,
      content,
      message_type: { ...word("What the message is", typeWords), default: "text" },
    },
    actor: "sender",
    meant(given) {
      asParams(() => parseMessageType(given.message_type ?? "text"));
      return given;
    },
    after({ id }, { about, connection }) {
      about("message", id);
      connection.touch(id);
    },
  }),
  channelTool("receive_messages", operations.receive_messages, {
    description:
      "Reads the messages of a channel, oldest first, without changing anything: the same call " +
      "returns them again. Give recipient to leave out what is addressed to others.",
    properties: {
      channel_id: channelId,
      recipient: text("Only what is for this one, or for everybody"),
      since: time("Only from this time on (RFC 3339)"),
    },
  }),
  channelTool("broadcast", operations.broadcast, {
    description:
      "Gives each participant of a channel, except the sender, a copy addressed to them, so that " +
      "each can be acknowledged on its own.",
    properties: { channel_id: channelId, sender, content },
    actor: "sender",
    subject: ofChannel,
    after: (copies, { connection }) => connection.touch(copies.at(-1)?.id),
  }),
  channelTool("query_history", operations.query_history, {
    description:
      "Searches the messages of one channel by time, sender and type: the oldest matches first. " +
      "Use receive_messages with since for what is new, search_messages for words.",
    properties: {
      channel_id: channelId,
      since: time("From this time on, inclusive (RFC 3339)"),
      before: time("Up to this time, inclusive (RFC 3339)"),
      sender: text("Exactly this sender"),
      message_type: text(`Exactly this type: ${typeWords.join(", ").toLowerCase()}`),
      limit,
    },
    subject: ofChannel,
    meant: (given) => ({
      ...given,
      limit: given.limit ?? limit.default,
      message_type: knownType(given.message_type),
    }),
  }),
  channelTool("search_messages", operations.search_messages, {
    description:
      "Finds messages in all channels that contain a text, in any case, newest first. The text " +
      "is taken literally; an empty one matches everything.",
    properties: { query: text("What the messages must contain"), max_results: most(1000, 20) },
  }),
  channelTool("get_message", operations.get_message, {
    description: "Shows one message in full, with who has acknowledged it.",
    properties: { message_id: messageId },
    subject: ofMessage,
    after: ({ id }, { connection }) => connection.touch(id),
  }),
  channelTool("acknowledge_message", operations.acknowledge_message, {
    description:
      "Marks a message as read and understood by somebody. A second time changes nothing.",
    properties: { message_id: messageId, recipient: name("Who acknowledges") },
    actor: "recipient",
    subject: ofMessage,
    after: (_result, { connection }, given) => connection.touch(given.message_id),
  }),
];

/** In a query, and only there, AgenticComm takes an unknown type for no type at all. */
function knownType(given: string | undefined): string | undefined {
  const wanted = given?.toLowerCase();
  const isKnown = wanted === "ack" || messageTypes.some((one) => one.toLowerCase() === wanted);
  return isKnown ? given : undefined;
}
