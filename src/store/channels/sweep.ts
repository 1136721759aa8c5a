// Removing messages that have outlived their channel's time to live, with their acknowledgements
// and the texts that nobody else has.
import type { Db } from "../db.ts";
import { deleteOrphans } from "./bodies.ts";

/** Deletes up to `most` messages of that channel that are older than that; returns how many. */
export function sweepChannel(
  db: Db,
  where: { space: number; channel: number; oldest: bigint },
  most: number,
): number {
  const rows = db.all<{ seq: number; body: number }>(
    `SELECT seq, body FROM comm_message
     WHERE space = ? AND channel = ? AND ts_ns < ? ORDER BY ts_ns, id LIMIT ?`,
    where.space,
    where.channel,
    where.oldest,
    most,
  );
  if (rows.length === 0) return 0;
  const seqs = JSON.stringify(rows.map((row) => row.seq));
  db.run("DELETE FROM comm_ack WHERE message IN (SELECT value FROM json_each(?))", seqs);
  db.run("DELETE FROM comm_message WHERE seq IN (SELECT value FROM json_each(?))", seqs);
  deleteOrphans(db, new Set(rows.map((row) => row.body)));
  return rows.length;
}
