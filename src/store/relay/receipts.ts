// What the devices of senders are to be told of their messages here (written by triggers of the
// schema), and what ours is told of its own elsewhere. Times are epoch seconds.
import { bytesOf } from "../../core/relay/batch.ts";
import type { Receipt } from "../../core/relay/receipt.ts";
import type { Db } from "../db.ts";

interface ReceiptRow {
  device: string;
  seq: number;
  remote_id: number;
  recipient: string;
  state: Receipt["state"];
  at: number;
  via: string | null;
  reason: string | null;
}

/** The oldest that nobody has said to know, by device; only of devices that can read them. */
export function openReceipts(
  db: Db,
  most: { receipts: number; bytes: number },
): Record<string, Receipt[]> {
  const rows = db.all<ReceiptRow>(
    `SELECT relay_receipts.* FROM relay_receipts JOIN relay_devices ON uuid = device
     WHERE has_ledger = 1 AND gone_at IS NULL ORDER BY seq LIMIT ?`,
    most.receipts,
  );
  const found: Record<string, Receipt[]> = {};
  let left = most.bytes;
  for (const row of rows) {
    const receipt = receiptOf(row);
    left -= bytesOf(JSON.stringify(receipt));
    if (left < 0) break;
    const list = found[row.device] ?? [];
    found[row.device] = list;
    list.push(receipt);
  }
  return found;
}

/** Nobody takes more of its words. */
function receiptOf(row: ReceiptRow): Receipt {
  return {
    seq: row.seq,
    id: row.remote_id,
    name: row.recipient,
    state: row.state,
    at: row.at,
    ...(row.via === null ? {} : { via: row.via.slice(0, 100).toWellFormed() }),
    ...(row.reason === null ? {} : { why: row.reason.slice(0, 300).toWellFormed() }),
  };
}

/** That device has them up to here. */
export function dropReceipts(db: Db, device: string, upTo: number): number {
  return db.run("DELETE FROM relay_receipts WHERE device = ? AND seq <= ?", device, upTo).changes;
}

/** Also of devices that never ask for any. */
export function dropOldReceipts(db: Db, before: number): number {
  return db.run("DELETE FROM relay_receipts WHERE at < ?", before).changes;
}

/** Of a message here to somebody who is not: there is no line in the ledger to tell it by. */
export function addReceipt(
  db: Db,
  receipt: { device: string; id: number; name: string; state: "dead"; at: number; why: string },
): void {
  db.run(
    `INSERT OR REPLACE INTO relay_receipts (device, remote_id, recipient, state, at, reason)
     VALUES (?, ?, ?, ?, ?, ?)`,
    receipt.device,
    receipt.id,
    receipt.name,
    receipt.state,
    receipt.at,
    receipt.why,
  );
}

/** In the order of progress. */
const rank = (
  state: string,
) => `CASE ${state} WHEN 'stored' THEN 0 WHEN 'offered' THEN 1 WHEN 'handed' THEN 2
  WHEN 'expired' THEN 3 WHEN 'dead' THEN 3 WHEN 'in_context' THEN 4 ELSE 5 END`;

/**
 * How far a message of ours got at an agent elsewhere. Only forward; a message that is not ours is
 * nobody's business.
 */
export function applyReceipt(
  db: Db,
  told: { receipt: Receipt; principal: string; recipient: string },
): boolean {
  const { id, state, at, via, why } = told.receipt;
  const { changes } = db.run(
    `INSERT INTO deliveries (message_id, principal, recipient, state, via, created_at, arrived_at,
       offered_at, handed_at, in_context_at, answered_at, evidence, reason)
     SELECT ?1, ?2, ?3, ?4, ?6, ?5, ?5, iif(?4 = 'offered', ?5, NULL), iif(?4 = 'handed', ?5, NULL),
       iif(?4 = 'in_context', ?5, NULL), iif(?4 = 'answered', ?5, NULL), NULL, ?7
     FROM events WHERE id = ?1 AND type = 'message' AND instance NOT LIKE '%:%'
     ON CONFLICT (message_id, principal) DO UPDATE SET
       arrived_at = coalesce(arrived_at, excluded.arrived_at),
       state = excluded.state, via = coalesce(excluded.via, via), reason = excluded.reason,
       offered_at = coalesce(excluded.offered_at, offered_at),
       handed_at = coalesce(excluded.handed_at, handed_at),
       in_context_at = coalesce(excluded.in_context_at, in_context_at),
       answered_at = coalesce(excluded.answered_at, answered_at)
     WHERE ${rank("excluded.state")} >= ${rank("deliveries.state")}`,
    id,
    told.principal,
    told.recipient,
    state,
    at,
    via ?? null,
    why ?? null,
  );
  return changes > 0;
}
