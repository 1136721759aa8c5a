// A message in a channel: its kinds, its limits and the questions asked about messages.
import { badEnum, invalidContent, invalidSender } from "./refusals.ts";

export const messageTypes = [
  "Text",
  "Command",
  "Query",
  "Response",
  "Broadcast",
  "Notification",
  "Acknowledgment",
  "Error",
] as const;
export type MessageType = (typeof messageTypes)[number];

/** Field names and order are those that every door prints. */
export interface ChannelMessage {
  /** Counted from 1 in each store; every copy of a fan-out has its own. */
  id: number;
  channel_id: number;
  sender: string;
  /** null = everybody in the channel. */
  recipient: string | null;
  content: string;
  message_type: MessageType;
  /** RFC 3339, UTC, see `timestamp.ts`. */
  timestamp: string;
  metadata: Record<string, string>;
  /** Lower-case hex SHA-256 of the content's UTF-8: a checksum, not an authentication. */
  signature: string | null;
  /** In the order of the first acknowledgement of each. */
  acknowledged_by: string[];
}

/** All parts must hold; times are inclusive, RFC 3339. */
export interface MessageFilter {
  since?: string | undefined;
  before?: string | undefined;
  sender?: string | undefined;
  message_type?: MessageType | undefined;
  /** The first ones of what matched; the oldest, unless `order` says otherwise. */
  limit?: number | undefined;
  order?: "asc" | "desc" | undefined;
  /** Without what has outlived its channel's time to live. */
  live?: boolean | undefined;
}

/** Most bytes of UTF-8 in one message. */
export const maxContentBytes = 1_048_576;

export function checkContent(content: string): string {
  if (content === "") throw invalidContent("Message content cannot be empty");
  // A character is at most 3 bytes per UTF-16 unit: most texts need not be encoded to know.
  if (content.length * 3 > maxContentBytes && utf8Bytes(content) > maxContentBytes) {
    throw invalidContent(`Message content exceeds maximum size of ${maxContentBytes} bytes`);
  }
  return content;
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Senders, participants, subscribers and who acknowledges: any text but the empty one. */
export function checkSender(name: string): string {
  if (name === "") throw invalidSender();
  return name;
}

/** Typed in any case; `ack` is short for acknowledgment. */
export function parseMessageType(text: string): MessageType {
  const wanted = text.toLowerCase();
  if (wanted === "ack") return "Acknowledgment";
  const found = messageTypes.find((type) => type.toLowerCase() === wanted);
  if (found === undefined) throw badEnum("message type", wanted, messageTypes);
  return found;
}
