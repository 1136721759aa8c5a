// Tells a sender, once for each recipient, that its message did not or cannot arrive for now: a
// message from hcom, beside the ledger where it stands anyway.
import type { MessageData } from "../../core/events/message.ts";
import type { Instance } from "../../core/instance.ts";
import { oneLine } from "../../core/mail/envelope.ts";
import { messageOf } from "../../core/mail/message-of.ts";
import { deliveryOf, storeDeliveries } from "../../store/deliveries.ts";
import { getEvent } from "../../store/events.ts";
import { getInstance } from "../../store/instances.ts";
import { getKv, setKv } from "../../store/kv.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";

export interface News {
  messageId: number;
  principal: string;
  /** Base name of the recipient. */
  recipient: string;
  /** What became of it, as the end of a sentence: `has ended`. */
  what: string;
}

/** Who speaks when nobody does. */
const system = "hcom";

/** False when there is nobody to tell, or it was told before. */
export function tellSender(bus: Bus, news: News): boolean {
  return bus.db.write(() => {
    const row = getEvent(bus.db, news.messageId);
    const message = row === undefined ? undefined : messageOf(row);
    // Notices about notices would never end.
    if (message === undefined || message.data.sender_kind !== "instance") return false;
    const sender = getInstance(bus.db, message.data.from);
    // Of many readers of a channel the first one says it.
    const whose = message.data.channel === undefined ? news.principal : "channel";
    const key = `told:${news.messageId}:${whose}`;
    if (sender === undefined || getKv(bus.db, key) !== undefined) return false;
    setKv(bus.db, key, bus.system.now().toString());
    const data: MessageData = {
      from: system,
      sender_kind: "system",
      scope: "mentions",
      text:
        `your message #${news.messageId} to ${news.recipient} ` +
        `("${oneLine(message.data.text, 40)}") ${news.what}. See: hcom why ${news.messageId}`,
      delivered_to: [sender.name],
      mentions: [sender.name],
      intent: "inform",
    };
    const id = append(bus, { type: "message", instance: `sys_${system}`, data });
    const { name, principal } = sender;
    storeDeliveries(bus.db, id, [{ name, principal }], bus.system.now() / 1000);
    return true;
  });
}

/** The same of several messages to one agent, as far as nobody has taken them. */
export function tellSenders(
  bus: Bus,
  { name, principal }: Pick<Instance, "name" | "principal">,
  ids: readonly number[],
  what: string,
): void {
  for (const messageId of ids) {
    const state = deliveryOf(bus.db, messageId, principal)?.state;
    const isOpen = state === "stored" || state === "offered";
    if (isOpen) tellSender(bus, { messageId, principal, recipient: name, what });
  }
}
