// Which fields channels and messages have beyond our own records, in which generation of the
// layout. The layouts are those of the AgenticComm program's commits; no file names its own.
import type { Field } from "./shape.ts";
import { field, list, map, oneOf, optional, struct, text, u64, uuid } from "./shape.ts";

/** The first four are all that our own channels can be; the later ones have no names here. */
export const typesOfChannels = oneOf(
  "Direct Group Broadcast PubSub Later4@6 Later5@6 Later6@6 Later7@6 Later8@6",
);

const typesOfMessages = oneOf(
  "Text Command Query Response Broadcast Notification Acknowledgment Error",
);

export const trust = oneOf("None Minimal Basic Standard High Full Absolute");

/** What follows the plain channel: first the rest of its config, then of itself. */
export const channelFields: readonly Field[] = [
  field("delivery_mode", oneOf("AtMostOnce AtLeastOnce ExactlyOnce"), 1, "AtLeastOnce"),
  field(
    "retention_policy",
    oneOf("Forever Duration MessageCount", { Duration: u64, MessageCount: u64 }),
    1,
  ),
  field("min_trust_level", optional(trust), 9),
  field(
    "state",
    oneOf("Active Paused Draining Closed Archived@3 SilentCommunion@3 HiveMode@3 PendingConsent@3"),
    1,
  ),
  field("comm_id", optional(uuid), 8),
  field("contract_ref", optional(text), 11),
];

/** What follows the plain message. */
export const messageFields: readonly Field[] = [
  field(
    "status",
    oneOf("Created Sent Delivered Read Acknowledged Failed Expired DeadLettered"),
    1,
    "Sent",
  ),
  field("priority", oneOf("Low Normal High Urgent Critical"), 1, "Normal"),
  field("reply_to", optional(u64), 1),
  field("correlation_id", optional(text), 1),
  field("thread_id", optional(text), 1),
  field(
    "comm_timestamp",
    struct(
      field("wall_clock", text),
      field("lamport", u64),
      field("vector_clock", map("text", u64)),
    ),
    6,
  ),
  field("rich_content_json", optional(text), 8),
  field("comm_id", optional(uuid), 8),
  field("receipt_id", optional(text), 11),
];

/** A whole message where one stands inside of something else. */
export const message = struct(
  field("id", u64),
  field("channel_id", u64),
  field("sender", text),
  field("recipient", optional(text)),
  field("content", text),
  field("message_type", typesOfMessages),
  field("timestamp", text),
  field("metadata", map("text", text)),
  field("signature", optional(text)),
  field("acknowledged_by", list(text)),
  ...messageFields,
);
