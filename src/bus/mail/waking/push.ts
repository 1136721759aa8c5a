// The ledger's line for a push: which rung was tried for which mail, before it acts.

import { getInstance } from "../../../store/instances.ts";
import { lapseDelivery, pushDelivery, pushFailed } from "../../../store/lapsed.ts";
import type { Bus } from "../../bus.ts";
import { tellSenders } from "../tell-sender.ts";

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

/** Why an agent is not nudged again: it would only start another empty turn. */
export const hooksSilent = "a turn ran on the nudge, and none of hcom's hooks ran in it";

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
  if (reason === hooksSilent) tellSenders(bus, row, ids, `cannot arrive for now: ${reason}`);
  bus.system.log({
    level: "warn",
    subsystem: "delivery",
    event: "push_failed",
    instance: name,
    via,
    msg: reason,
  });
}

/** It was called handed over and is known not to have arrived: it is offered again. */
export function takeBack(bus: Bus, name: string, ids: readonly number[], reason: string): void {
  const row = getInstance(bus.db, name);
  if (row === undefined) return;
  for (const messageId of ids) {
    lapseDelivery(bus.db, { messageId, principal: row.principal, reason });
  }
}
