// Is there mail for an instance that no context holds yet, and is somebody handing it over now?
import { hasEnded, maxBatch } from "../../core/mail/inbox.ts";
import { messageOf } from "../../core/mail/message-of.ts";
import { deliveryOf } from "../../store/deliveries.ts";
import { unreadMessages } from "../../store/events.ts";
import { getInstance } from "../../store/instances.ts";
import { lapsedMessages } from "../../store/lapsed.ts";
import type { Bus } from "../bus.ts";
import { isClaimAlive } from "./claim.ts";

export interface PendingMail {
  ids: number[];
  /** A living process has claimed it: pushing now would only double the nudge. */
  inFlight: boolean;
}

export function pendingMail(bus: Bus, name: string): PendingMail {
  const row = getInstance(bus.db, name);
  if (row === undefined) return { ids: [], inFlight: false };
  const rows = [
    ...lapsedMessages(bus.db, row.principal, maxBatch),
    ...unreadMessages(bus.db, { name, cursor: row.last_event_id, limit: maxBatch }),
  ];
  const ids: number[] = [];
  let inFlight = false;
  for (const one of rows) {
    const { id } = one;
    const delivery = deliveryOf(bus.db, id, row.principal);
    const state = delivery?.state ?? "stored";
    if (state !== "stored" && state !== "offered") continue;
    if (ids.includes(id)) continue;
    const message = messageOf(one);
    if (message === undefined || hasEnded(message, bus.system.now())) continue;
    ids.push(id);
    if (delivery !== undefined && isClaimAlive(bus, delivery)) inFlight = true;
  }
  return { ids, inFlight };
}
