// Read receipts of what an instance sent: who has had each message handed over.
import { messageOf } from "../../core/mail/message-of.ts";
import { type Delivery, deliveriesOf } from "../../store/deliveries.ts";
import { sentMessages } from "../../store/history.ts";
import type { Bus } from "../bus.ts";
import { displayNames } from "../display-names.ts";

export interface Receipt {
  id: number;
  /** Seconds. */
  age: number;
  text: string;
  recipients: number;
  readBy: string[];
}

const readStates = new Set(["handed", "in_context", "answered"]);

/** Newest first. */
export function ownReceipts(bus: Bus, name: string, limit: number): Receipt[] {
  const shown = displayNames(bus);
  return sentMessages(bus.db, name, limit).flatMap((row) => {
    const message = messageOf(row);
    if (message === undefined) return [];
    const deliveries = deliveriesOf(bus.db, row.id);
    const read = deliveries.filter((one) => readStates.has(one.state) && !isOnlyCounted(one));
    return [
      {
        id: row.id,
        age: (bus.system.now() - Date.parse(row.timestamp)) / 1000,
        text: message.data.text,
        // Who stopped before a broadcast and came back reads it as well.
        recipients: Math.max(message.data.delivered_to.length, deliveries.length),
        readBy: read.map((one) => shown(one.recipient)),
      },
    ];
  });
}

/** A digest said no more than that there is something. */
function isOnlyCounted({ policy, state, evidence }: Delivery): boolean {
  return policy === "digest" && state === "handed" && evidence === null;
}
