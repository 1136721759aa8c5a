// Mail that its reader does not want at once: it waits in the ledger until a turn begins that
// something else has started.
import type { EventRow } from "../core/event.ts";
import type { Db } from "./db.ts";
import type { DeliveryPolicy } from "./deliveries.ts";

/** Messages of that principal that wait under this policy, oldest first. */
export function deferredMessages(
  db: Db,
  principal: string,
  policy: DeliveryPolicy,
  limit: number,
): EventRow[] {
  return db.all<EventRow>(
    `SELECT e.id, e.timestamp, e.type, e.instance, e.data
     FROM deliveries AS d INDEXED BY idx_deliveries_policy JOIN events AS e ON e.id = d.message_id
     WHERE d.principal = ? AND d.policy = ? AND d.policy IS NOT NULL
       AND d.state IN ('stored', 'offered')
     ORDER BY d.message_id LIMIT ?`,
    principal,
    policy,
    limit,
  );
}

/** Of one channel, by the key of its space: nothing is to be counted there any more. */
export function endDigests(
  db: Db,
  end: { principal: string; space: string; channel: number; reason: string },
): void {
  db.run(
    `UPDATE deliveries SET state = 'expired', reason = ?, claim = NULL
     WHERE principal = ? AND policy = 'digest' AND state IN ('stored', 'offered') AND EXISTS (
       SELECT 1 FROM events AS e WHERE e.id = message_id
         AND json_extract(e.data, '$.channel.id') = ?
         AND json_extract(e.data, '$.channel.space') = ?)`,
    end.reason,
    end.principal,
    end.channel,
    end.space,
  );
}

export function countDeferred(db: Db, principal: string): number {
  const row = db.get<{ n: number }>(
    `SELECT count(*) AS n FROM deliveries INDEXED BY idx_deliveries_policy
     WHERE principal = ? AND policy IS NOT NULL AND state IN ('stored', 'offered')`,
    principal,
  );
  return row?.n ?? 0;
}

/** Is anything waiting, under whatever policy? */
export function hasDeferred(db: Db, principal: string): boolean {
  return (
    db.get(
      `SELECT 1 FROM deliveries INDEXED BY idx_deliveries_policy
       WHERE principal = ? AND policy IS NOT NULL AND state IN ('stored', 'offered') LIMIT 1`,
      principal,
    ) !== undefined
  );
}
