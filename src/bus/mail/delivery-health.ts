// The ledger in three numbers.
import { countDeliveries } from "../../store/lapsed.ts";
import type { Bus } from "../bus.ts";

export interface DeliveryHealth {
  /** Stored or offered: not taken yet. */
  waiting: number;
  /** Handed over, not yet seen in a transcript. */
  unproven: number;
  dead: number;
}

export function deliveryHealth(bus: Bus): DeliveryHealth {
  const open = ["stored", "offered", "handed", "dead", "expired"] as const;
  const { stored, offered, handed, dead, expired } = countDeliveries(bus.db, open);
  return { waiting: stored + offered, unproven: handed, dead: dead + expired };
}
