// What was said on another device in a channel of the group comes into the channel here, and to its
// members here as each of them wants it, whoever the sender believed to be in it.
import type { Bus } from "../../bus/bus.ts";
import { recipientsOf } from "../../bus/channels/announce.ts";
import { openLiveStore } from "../../bus/channels/live-store.ts";
import type { Post } from "../../bus/channels/post.ts";
import { asNumber, asObject, asText, asTexts } from "../../core/json.ts";
import { Refusal } from "../../core/refusal.ts";
import type { ImportedEvent } from "../../core/relay/import-plan.ts";
import { storeDeliveries } from "../../store/deliveries.ts";
import { type SharedRow, sharedOf } from "../../store/relay/channels.ts";

export interface Brought {
  /** Agents here that have it now. */
  here: string[];
}

/**
 * Undefined: said in no channel that is known here. `append` writes the event and returns its
 * number. Call inside the transaction that takes the state in.
 */
export function importPost(
  bus: Bus,
  from: { device: string; self: string },
  event: ImportedEvent,
  append: (event: ImportedEvent) => number,
): Brought | undefined {
  const row = placeOf(bus, from, event);
  const text = asText(event.data["text"]);
  const sender = asText(event.data["from"]);
  if (row === undefined || text === undefined || sender === undefined) return undefined;
  let here: string[] = [];
  const store = openLiveStore(bus, row.spaceKey, {
    announce(post) {
      const brought = bring(bus, row, event, post, append);
      here = brought.here;
      return brought.id;
    },
  });
  try {
    store.sendMessage({ channelId: row.channel, sender, content: text });
  } catch (error) {
    // A channel that takes no more, or a text that no channel takes: it stays in the log.
    if (error instanceof Refusal) return undefined;
    throw error;
  }
  return { here };
}

function placeOf(
  bus: Bus,
  { device, self }: { device: string; self: string },
  event: ImportedEvent,
): SharedRow | undefined {
  const shared = asObject(asObject(event.data["channel"])["shared"]);
  // Empty: of the device that says it.
  const owner = asText(shared["device"]) ?? device;
  const id = asNumber(shared["id"]);
  if (event.type !== "message" || id === undefined) return undefined;
  return sharedOf(bus.db, owner === self ? "" : owner, id);
}

function bring(
  bus: Bus,
  row: SharedRow,
  event: ImportedEvent,
  post: Post,
  append: (event: ImportedEvent) => number,
): { id: number; here: string[] } {
  const all = recipientsOf(bus, post.readers, undefined);
  const recipients = all.filter((one) => !one.name.includes(":"));
  const elsewhere = asTexts(event.data["mentions"]).filter((name) => name.includes(":"));
  const atOnce = recipients.filter((one) => one.policy === undefined).map((one) => one.name);
  const channel = { space: row.spaceKey, id: row.channel, name: row.name, message: post.messageId };
  const shared = { device: row.owner, id: row.remoteId };
  const endsAt = asText(asObject(event.data["channel"])["ends_at"]);
  const ends = endsAt === undefined ? {} : { ends_at: endsAt };
  const data = {
    ...event.data,
    mentions: [...elsewhere, ...atOnce],
    channel: { ...channel, shared, ...ends },
  };
  const id = append({ ...event, data });
  storeDeliveries(bus.db, id, recipients, bus.system.now() / 1000);
  return { id, here: recipients.map((one) => one.name) };
}
