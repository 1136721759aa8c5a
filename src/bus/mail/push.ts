// The ledger's line for a push: which rung was tried for which mail, before it acts.

import { getInstance } from "../../store/instances.ts";
import { pushDelivery, pushFailed } from "../../store/lapsed.ts";
import type { Bus } from "../bus.ts";

export function recordPush(bus: Bus, name: string, ids: readonly number[], via: string): void {
  bus.db.write(() => {
    const row = getInstance(bus.db, name);
    if (row === undefined) return;
    for (const messageId of ids) {
      pushDelivery(bus.db, {
        messageId,
        principal: row.principal,
        recipient: name,
        via,
        now: bus.system.now() / 1000,
      });
    }
  });
}

/** The rung did not work: the mail stays offered, with the reason, for the next rung. */
export function recordPushFailure(
  bus: Bus,
  name: string,
  ids: readonly number[],
  via: string,
  reason: string,
): void {
  const row = getInstance(bus.db, name);
  if (row === undefined) return;
  pushFailed(bus.db, {
    messageIds: [...ids],
    principal: row.principal,
    reason: `${via}: ${reason}`,
  });
  bus.system.log({
    level: "warn",
    subsystem: "delivery",
    event: "push_failed",
    instance: name,
    via,
    msg: reason,
  });
}
