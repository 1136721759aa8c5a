// The ledger of deliveries: how far each message got at each recipient, with the evidence.
// States only move forward, but for the second chance in `lapsed.ts`. Whether something happened
// is not decided here. Times are epoch seconds.
import type { DeliveryState } from "../core/mail/delivery-state.ts";
import type { Db } from "./db.ts";

/** Of a channel's reader: in full with its next turn, or only counted then. */
export type DeliveryPolicy = "next-turn" | "digest";

export interface Delivery {
  message_id: number;
  principal: string;
  /** Base name at the time of the delivery. */
  recipient: string;
  state: DeliveryState;
  /** The rung that offered it, else the one that handed it over: e.g. `pty`, `hook`, `listen`. */
  via: string | null;
  /** How often it was offered. */
  attempts: number;
  /** Who is offering it now. */
  claim: string | null;
  created_at: number;
  offered_at: number | null;
  handed_at: number | null;
  in_context_at: number | null;
  answered_at: number | null;
  evidence: string | null;
  reason: string | null;
  /** How soon its reader wants it; null = at once. */
  policy: DeliveryPolicy | null;
  /** To an agent of another device: the broker has it; it is in the log there. */
  published_at: number | null;
  arrived_at: number | null;
}

interface Step {
  messageId: number;
  principal: string;
  now: number;
}

export function storeDeliveries(
  db: Db,
  messageId: number,
  recipients: { name: string; principal: string; policy?: DeliveryPolicy | undefined }[],
  now: number,
): void {
  for (const { name, principal, policy } of recipients) {
    db.run(
      `INSERT OR IGNORE INTO deliveries
         (message_id, principal, recipient, state, created_at, policy)
       VALUES (?, ?, ?, 'stored', ?, ?)`,
      messageId,
      principal,
      name,
      now,
      policy ?? null,
    );
  }
}

/** false when it was handed over already or has ended. May be offered again and again. */
export function offerDelivery(
  db: Db,
  offer: Step & { recipient: string; via: string; claim: string },
): boolean {
  const { changes } = db.run(
    `INSERT INTO deliveries
       (message_id, principal, recipient, state, via, attempts, claim, created_at, offered_at)
     VALUES (?, ?, ?, 'offered', ?, 1, ?, ?6, ?6)
     ON CONFLICT (message_id, principal) DO UPDATE SET state = 'offered', via = excluded.via,
       attempts = attempts + 1, claim = excluded.claim, offered_at = excluded.offered_at
     WHERE state IN ('stored', 'offered')`,
    offer.messageId,
    offer.principal,
    offer.recipient,
    offer.via,
    offer.claim,
    offer.now,
  );
  return changes > 0;
}

/**
 * Written to the tool and flushed. A broadcast reaches agents that appeared after it and so have
 * no row yet: theirs is made here. Returns how many moved.
 */
export function handDeliveries(
  db: Db,
  hand: {
    messageIds: number[];
    principal: string;
    via: string;
    /** Only of what its recipient took by itself: no transcript will show it as a delivery. */
    evidence?: string;
    now: number;
  },
): number {
  let moved = 0;
  for (const messageId of hand.messageIds) {
    moved += db.run(
      `INSERT INTO deliveries
         (message_id, principal, recipient, state, via, created_at, handed_at, evidence)
       VALUES (?1, ?2, coalesce((SELECT name FROM instances WHERE principal = ?2),
         (SELECT name FROM principal WHERE id = ?2), ''), 'handed', ?3, ?4, ?4, ?5)
       ON CONFLICT (message_id, principal) DO UPDATE SET state = 'handed',
         via = coalesce(deliveries.via, excluded.via), evidence = excluded.evidence,
         handed_at = iif(state = 'handed', handed_at, excluded.handed_at)
       WHERE state IN ('stored', 'offered')
         OR (state = 'handed' AND policy = 'digest' AND excluded.evidence IS NOT NULL)`,
      messageId,
      hand.principal,
      hand.via,
      hand.now,
      hand.evidence ?? null,
    ).changes;
  }
  return moved;
}

/** Of a delivery that stands in its recipient's transcript, and no turn has run on it yet. */
export const reachedReason = "in its conversation; the model has not spoken since";

export function noteReached(db: Db, step: Pick<Step, "messageId" | "principal">): void {
  db.run(
    `UPDATE deliveries SET reason = ?
     WHERE message_id = ? AND principal = ? AND state = 'handed' AND reason IS NOT ?1`,
    reachedReason,
    step.messageId,
    step.principal,
  );
}

/** Found in the recipient's own transcript: proof wins over a delivery given up before. */
export function proveDelivery(db: Db, proof: Step & { evidence: string }): boolean {
  const { changes } = db.run(
    `UPDATE deliveries SET state = 'in_context', in_context_at = ?, evidence = ?,
       reason = nullif(reason, ?)
     WHERE message_id = ? AND principal = ? AND state NOT IN ('in_context', 'answered')`,
    proof.now,
    proof.evidence,
    reachedReason,
    proof.messageId,
    proof.principal,
  );
  return changes > 0;
}

/**
 * The recipient replied to the message, whatever the ledger knew before: that proves by itself that
 * it was in the context.
 */
export function answerDelivery(db: Db, answer: Step & { evidence?: string }): boolean {
  const { changes } = db.run(
    `UPDATE deliveries SET state = 'answered', answered_at = ?1,
       in_context_at = coalesce(in_context_at, ?1), evidence = coalesce(?2, evidence)
     WHERE message_id = ?3 AND principal = ?4 AND state <> 'answered'`,
    answer.now,
    answer.evidence ?? null,
    answer.messageId,
    answer.principal,
  );
  return changes > 0;
}

/** Gives a delivery up; false when it is proved or ended already. */
export function endDelivery(
  db: Db,
  end: { messageId: number; principal: string; state: "expired" | "dead"; reason: string },
): boolean {
  const { changes } = db.run(
    `UPDATE deliveries SET state = ?, reason = ?, claim = NULL
     WHERE message_id = ? AND principal = ? AND state IN ('stored', 'offered', 'handed')`,
    end.state,
    end.reason,
    end.messageId,
    end.principal,
  );
  return changes > 0;
}

/** What was not handed over will not be: its recipient is gone for good. Returns how many ended. */
export function endDeliveriesOf(db: Db, end: { principal: string; reason: string }): number {
  return db.run(
    `UPDATE deliveries SET state = 'dead', reason = ?, claim = NULL
     WHERE principal = ? AND state IN ('stored', 'offered')`,
    end.reason,
    end.principal,
  ).changes;
}

export function deliveryOf(db: Db, messageId: number, principal: string): Delivery | undefined {
  return db.get<Delivery>(
    "SELECT * FROM deliveries WHERE message_id = ? AND principal = ?",
    messageId,
    principal,
  );
}

/** All recipients of one message. */
export function deliveriesOf(db: Db, messageId: number): Delivery[] {
  return db.all<Delivery>(
    "SELECT * FROM deliveries WHERE message_id = ? ORDER BY recipient, principal",
    messageId,
  );
}

/**
 * Handed over, but not yet seen in the transcript; oldest message first. Neither a digest nor what
 * was taken with evidence of its own can be seen there.
 */
export function unprovenOf(db: Db, principal: string): Delivery[] {
  return db.all<Delivery>(
    `SELECT * FROM deliveries
     WHERE principal = ? AND state = 'handed' AND policy IS NOT 'digest' AND evidence IS NULL
     ORDER BY message_id`,
    principal,
  );
}
