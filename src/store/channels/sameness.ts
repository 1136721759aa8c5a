// Finding what a document holds among what is there already: what messages of its times say, and
// the ids that are taken.
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import type { Db } from "../db.ts";
import { sortKey } from "./messages.ts";

type Said = Pick<
  ChannelMessage,
  "id" | "channel_id" | "sender" | "recipient" | "content" | "timestamp"
>;

/** Calls back, by id, for every message from the first of these times to the last. */
export function eachSaid(
  db: Db,
  space: number,
  times: readonly string[],
  visit: (said: Said) => void,
): void {
  const keys = BigInt64Array.from(times, sortKey).sort();
  const [from, to] = [keys[0], keys.at(-1)];
  if (from === undefined || to === undefined) return;
  const seqs = db.all<{ seq: number }>(
    "SELECT seq FROM comm_message WHERE space = ? AND ts_ns BETWEEN ? AND ? ORDER BY id",
    space,
    from,
    to,
  );
  for (let at = 0; at < seqs.length; at += batch) {
    const rows = db.all<Said>(
      `SELECT m.id, m.channel AS channel_id, m.sender, m.recipient, b.content, m.ts AS timestamp
       FROM comm_message AS m JOIN comm_body AS b ON b.id = m.body
       WHERE m.seq IN (SELECT value FROM json_each(?)) ORDER BY m.id`,
      JSON.stringify(seqs.slice(at, at + batch).map((row) => row.seq)),
    );
    for (const row of rows) visit(row);
  }
}

const batch = 256;

export function takenIds(
  db: Db,
  space: number,
  table: "comm_channel" | "comm_message" | "comm_subscription",
): Set<number> {
  const rows = db.all<{ id: number }>(`SELECT id FROM ${table} WHERE space = ?`, space);
  return new Set(rows.map((row) => row.id));
}
