// A message row of the log as a message. Foreign programs write to the same table: a row whose data
// is not a message is none.
import type { EventRow, MessageEvent } from "../event.ts";
import type { MessageData } from "../events/message.ts";
import { asTexts, isObject, parseJson } from "../json.ts";

export function messageOf(row: EventRow): MessageEvent | undefined {
  if (row.type !== "message") return undefined;
  const data = parseJson(row.data);
  if (!isObject(data) || typeof data["text"] !== "string") return undefined;
  const scope = data["scope"] === "mentions" ? "mentions" : "broadcast";
  const message: MessageData = {
    ...data,
    from: typeof data["from"] === "string" ? data["from"] : row.instance,
    sender_kind: senderKind(data["sender_kind"]),
    scope,
    text: data["text"],
    delivered_to: asTexts(data["delivered_to"]),
  };
  if (message.channel !== undefined && !isOrigin(message.channel)) delete message.channel;
  return {
    id: row.id,
    timestamp: row.timestamp,
    type: "message",
    instance: row.instance,
    data: message,
  };
}

function isOrigin(value: unknown): boolean {
  if (!isObject(value)) return false;
  return typeof value["name"] === "string" && typeof value["space"] === "string";
}

function senderKind(value: unknown): MessageData["sender_kind"] {
  return value === "external" || value === "system" ? value : "instance";
}
