// The ledger's second chances: mail that was pushed but not taken, and mail that was handed over
// but never showed up in its recipient's context.
import type { EventRow } from "../core/event.ts";
import type { DeliveryState } from "../core/mail/delivery-state.ts";
import type { Db } from "./db.ts";

/**
 * Before the claim of somebody who is gone without a word: whoever takes the mail next looks into
 * its recipient's conversation first.
 */
export const leftMark = "left:";

const left = `iif(claim LIKE '${leftMark}%', claim, '${leftMark}' || claim)`;

/** It takes long, and whoever offers it is still at it. */
export function renewOffer(db: Db, offer: { claim: string; principal: string; now: number }): void {
  db.run(
    `UPDATE deliveries SET offered_at = ?
     WHERE principal = ? AND claim = ? AND state = 'offered'`,
    offer.now,
    offer.principal,
    offer.claim,
  );
}

/** Nobody knows what became of it. */
export function leaveOffer(
  db: Db,
  offer: { claim: string; principal: string; reason: string },
): void {
  db.run(
    `UPDATE deliveries SET claim = ${left}, reason = ?
     WHERE principal = ? AND claim = ? AND state = 'offered'`,
    offer.reason,
    offer.principal,
    offer.claim,
  );
}

/** A push names its way; it claims nothing, because whoever hands the mail over will. */
export function pushDelivery(
  db: Db,
  push: { messageId: number; principal: string; recipient: string; via: string; now: number },
): void {
  db.run(
    `INSERT INTO deliveries
       (message_id, principal, recipient, state, via, attempts, claim, created_at, offered_at)
     VALUES (?, ?, ?, 'offered', ?, 1, NULL, ?5, ?5)
     ON CONFLICT (message_id, principal) DO UPDATE SET state = 'offered', via = excluded.via,
       attempts = attempts + 1, offered_at = excluded.offered_at, claim = ${left}
     WHERE state IN ('stored', 'offered')`,
    push.messageId,
    push.principal,
    push.recipient,
    push.via,
    push.now,
  );
}

export function pushFailed(
  db: Db,
  failure: { messageIds: number[]; principal: string; reason: string },
): void {
  for (const id of failure.messageIds) {
    db.run(
      `UPDATE deliveries SET reason = ?
       WHERE message_id = ? AND principal = ? AND state IN ('stored', 'offered')`,
      failure.reason,
      id,
      failure.principal,
    );
  }
}

/** Back from handed to offered: it will be collected again although the cursor has passed it. */
export function lapseDelivery(
  db: Db,
  lapse: { messageId: number; principal: string; reason: string },
): boolean {
  const { changes } = db.run(
    `UPDATE deliveries SET state = 'offered', claim = NULL, reason = ?
     WHERE message_id = ? AND principal = ? AND state = 'handed'`,
    lapse.reason,
    lapse.messageId,
    lapse.principal,
  );
  return changes > 0;
}

/**
 * Messages of that principal that were handed over once and wait to be offered again at once; those
 * that wait for a turn are in `deferred.ts`.
 */
export function lapsedMessages(db: Db, principal: string, limit: number): EventRow[] {
  return db.all<EventRow>(
    `SELECT e.id, e.timestamp, e.type, e.instance, e.data
     FROM deliveries d JOIN events e ON e.id = d.message_id
     WHERE d.principal = ? AND d.state = 'offered' AND d.handed_at IS NOT NULL AND d.policy IS NULL
     ORDER BY e.id LIMIT ?`,
    principal,
    limit,
  );
}

/** Has anything ever been found in this recipient's own transcript? */
export function hasProof(db: Db, principal: string): boolean {
  return (
    db.get(
      `SELECT 1 FROM deliveries WHERE principal = ? AND in_context_at IS NOT NULL LIMIT 1`,
      principal,
    ) !== undefined
  );
}

/**
 * How many deliveries are in each of these states. The index goes by principal first, so it is
 * asked from one to the next: what has arrived long ago, most of a ledger, is not looked at.
 */
export function countDeliveries<State extends DeliveryState>(
  db: Db,
  states: readonly State[],
): Record<State, number> {
  const rows = db.all<{ state: State; n: number }>(
    `WITH RECURSIVE reader(principal) AS (
       SELECT min(principal) FROM deliveries
       UNION ALL
       SELECT (SELECT min(principal) FROM deliveries WHERE principal > reader.principal)
       FROM reader WHERE reader.principal IS NOT NULL
     )
     SELECT wanted.value AS state, total(
       (SELECT count(*) FROM deliveries AS d INDEXED BY idx_deliveries_principal_state
        WHERE d.principal = reader.principal AND d.state = wanted.value)) AS n
     FROM json_each(?) AS wanted, reader GROUP BY wanted.value`,
    JSON.stringify(states),
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n])) as Record<State, number>;
}
