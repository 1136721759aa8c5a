// Channels that an agent does not want to read in full: one line that says how much there is.
import { mainSpace } from "../channels/space.ts";
import type { MessageEvent } from "../event.ts";
import type { ChannelOrigin } from "../events/message.ts";
import { senderShown } from "./inbox.ts";
import { inertName } from "./inert.ts";

const shownSenders = 3;

/** e.g. `ops: 3 new from luna, kira - hcom channel read ops`, one entry for each channel. */
export function formatDigest(
  messages: readonly MessageEvent[],
  displayName: (base: string) => string,
): string {
  const channels = new Map<string, { channel: ChannelOrigin; own: MessageEvent[] }>();
  for (const message of messages) {
    const { channel } = message.data;
    if (channel === undefined) continue;
    const key = `${channel.id} ${channel.space}`;
    const known = channels.get(key) ?? { channel, own: [] };
    known.own.push(message);
    channels.set(key, known);
  }
  const all = [...channels.values()].map(({ channel }) => channel);
  const entries = [...channels.values()].map(
    ({ channel, own }) => `${counted(channel, own, displayName)} - ${commandFor(channel, all)}`,
  );
  return `[channel digest] ${entries.join(" | ")}`;
}

const plain = /^[\p{Alphabetic}\p{N}_.-]+$/u;

/**
 * A name means one channel of its space; where two have it, only the number does. Documents bring
 * names that a shell would not take as one word.
 */
function commandFor(channel: ChannelOrigin, all: readonly ChannelOrigin[]): string {
  const { space, name, id } = channel;
  const isShared = all.some((one) => one.space === space && one.name === name && one.id !== id);
  const word = isShared || !plain.test(name) ? id : name;
  const quoted = plain.test(space) ? space : `'${inertName(space).replaceAll("'", "'\\''")}'`;
  return `hcom channel read ${word}${space === mainSpace ? "" : ` --space ${quoted}`}`;
}

function counted(
  { name }: ChannelOrigin,
  messages: readonly MessageEvent[],
  displayName: (base: string) => string,
): string {
  const senders = [...new Set(messages.map((one) => senderShown(one, displayName)))];
  const more = senders.length > shownSenders ? ` +${senders.length - shownSenders}` : "";
  const from = inertName(senders.slice(0, shownSenders).join(", "));
  return `${inertName(name)}: ${messages.length} new from ${from}${more}`;
}
