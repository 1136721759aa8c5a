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
  const count = countDeliveries(bus.db);
  return {
    waiting: (count["stored"] ?? 0) + (count["offered"] ?? 0),
    unproven: count["handed"] ?? 0,
    dead: (count["dead"] ?? 0) + (count["expired"] ?? 0),
  };
}
