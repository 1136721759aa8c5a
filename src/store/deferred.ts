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
