// Channels that an agent does not want to read in full: one line that says how much there is.
import type { MessageEvent } from "../event.ts";
import { senderShown } from "./inbox.ts";

const shownSenders = 3;

/** e.g. `ops: 3 new from luna, kira - hcom channel read ops`, one entry for each channel. */
export function formatDigest(
  messages: readonly MessageEvent[],
  displayName: (base: string) => string,
): string {
  const channels = new Map<string, MessageEvent[]>();
  for (const message of messages) {
    const name = message.data.channel?.name ?? "";
    channels.set(name, [...(channels.get(name) ?? []), message]);
  }
  const entries = [...channels].map(([name, own]) => entry(name, own, displayName));
  return `[channel digest] ${entries.join(" | ")}`;
}

function entry(
  name: string,
  messages: readonly MessageEvent[],
  displayName: (base: string) => string,
): string {
  const senders = [...new Set(messages.map((one) => senderShown(one, displayName)))];
  const more = senders.length > shownSenders ? ` +${senders.length - shownSenders}` : "";
  // Angles and brackets of a name that somebody chose must not look like our frame.
  const from = senders
    .slice(0, shownSenders)
    .join(", ")
    .replace(/[<>[\]|]/g, "_");
  return `${name}: ${messages.length} new from ${from}${more} - hcom channel read ${name}`;
}
