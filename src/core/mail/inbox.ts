// What is handed over at a time, and how the receipt names it. The inbox itself is a query over the
// log (store/); what is addressed to whom is `scope.ts`.
import type { MessageEvent } from "../event.ts";

/** Most messages in one delivery; the rest waits for the next one. */
export const maxBatch = 50;

/** Largest message, in UTF-8 bytes. */
export const maxMessageBytes = 1_048_576;

/**
 * Who a batch is from, for the status context `deliver:<sender>`: the first sender as displayed,
 * and how many more there are.
 */
export function senderSummary(
  messages: readonly MessageEvent[],
  displayName: (base: string) => string,
): string {
  const senders = new Set(messages.map((message) => senderShown(message, displayName)));
  const [first = ""] = senders;
  return senders.size > 1 ? `${first} +${senders.size - 1}` : first;
}

/** The time to live that its channel gave it is over. */
export function hasEnded(message: MessageEvent, nowMs: number): boolean {
  const endsAt = message.data.channel?.ends_at;
  return endsAt !== undefined && nowMs > Date.parse(endsAt);
}

/** A sender as shown: only instances have a tag to look up. */
export function senderShown(message: MessageEvent, displayName: (base: string) => string): string {
  const { from, sender_kind } = message.data;
  return sender_kind === "instance" ? displayName(from) : from;
}
