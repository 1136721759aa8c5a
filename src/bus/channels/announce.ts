// Brings what was said in a channel to the agents among its readers: one event, and a line in the
// ledger for each of them. From there it goes the way of all mail.
import { timestampOf } from "../../core/channels/timestamp.ts";
import type { WakePolicy } from "../../core/channels/wake-policy.ts";
import type { ChannelOrigin, MessageData } from "../../core/events/message.ts";
import type { Instance } from "../../core/instance.ts";
import { printable } from "../../core/printable.ts";
import { type DeliveryPolicy, storeDeliveries } from "../../store/deliveries.ts";
import { instanceByPrincipal } from "../../store/instances.ts";
import { principalName } from "../../store/principals.ts";
import { sharedAt } from "../../store/relay/channels.ts";
import { findInstance } from "../agents/identity.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";
import type { Post, Reader } from "./post.ts";

/** Returns the id of the event. Call inside the transaction that stores the message. */
export function announce(bus: Bus, post: Post): number {
  const sender = findInstance(bus, post.sender);
  const recipients = recipientsOf(bus, post.readers, sender);
  const data = { ...dataOf(post, sender, recipients), channel: originOf(bus, post, recipients) };
  const instance = sender === undefined ? `ext_${data.from}` : sender.name;
  const id = append(bus, { type: "message", instance, data });
  storeDeliveries(bus.db, id, recipients, bus.system.now() / 1000);
  return id;
}

export interface Recipient {
  name: string;
  principal: string;
  /** Undefined = at once. */
  policy: DeliveryPolicy | undefined;
}

/** Each agent once, by the first of its readers; who is muted reads by itself. */
export function recipientsOf(
  bus: Bus,
  readers: readonly Reader[],
  sender: Instance | undefined,
): Recipient[] {
  const recipients = new Map<string, Recipient>();
  for (const { principal, wake } of readers) {
    if (principal === null || wake === "mute") continue;
    if (principal === sender?.principal || recipients.has(principal)) continue;
    const row = instanceByPrincipal(bus.db, principal);
    const name = row?.name ?? principalName(bus.db, principal);
    if (name === undefined) continue;
    recipients.set(principal, { name, principal, policy: policyOf(wake, row) });
  }
  return [...recipients.values()];
}

/** Who has stopped learns how much it missed when it comes back. */
function policyOf(wake: WakePolicy, row: Instance | undefined): DeliveryPolicy | undefined {
  if (row === undefined) return "digest";
  return wake === "next-turn" || wake === "digest" ? wake : undefined;
}

function originOf(
  bus: Bus,
  { space, channel, messageId, readers, endsAfter }: Post,
  recipients: readonly Recipient[],
): ChannelOrigin {
  const told = new Set(recipients.map((one) => one.principal));
  const muted = readers.flatMap(({ principal, wake }) => {
    const row =
      wake === "mute" && principal !== null ? instanceByPrincipal(bus.db, principal) : undefined;
    return row === undefined || told.has(row.principal) ? [] : [row.name];
  });
  const endsAt = Math.floor(bus.system.now()) + endsAfter * 1000;
  const shared = sharedAt(bus.db, { space, channel: channel.id });
  return {
    space,
    id: channel.id,
    name: channel.name,
    message: messageId,
    ...(shared === undefined ? {} : { shared: { device: shared.owner, id: shared.remoteId } }),
    ...(muted.length === 0 ? {} : { muted: [...new Set(muted)] }),
    ...(endsAfter === 0 || endsAt > latestDate ? {} : { ends_at: timestampOf(endsAt) }),
  };
}

/** Milliseconds: what a Date can hold. */
const latestDate = 8.64e15;

function dataOf(
  post: Post,
  sender: Instance | undefined,
  recipients: readonly Recipient[],
): MessageData {
  return {
    from: sender?.name ?? shownName(post.sender),
    sender_kind: sender === undefined ? "external" : "instance",
    scope: "mentions",
    // The channel keeps it as it was said.
    text: printable(post.content),
    delivered_to: recipients.map((one) => one.name),
    // Whom the log itself hands it to; the others' wait in the ledger.
    mentions: recipients.filter((one) => one.policy === undefined).map((one) => one.name),
  };
}

const longestName = 50;

/**
 * Anybody may be a sender, under any name: it must stay one short word in front of a text, and not
 * itself look like one with the recipient behind it.
 */
function shownName(sender: string): string {
  return sender
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/→|\\u2192/gi, "-")
    .slice(0, longestName)
    .toWellFormed();
}
