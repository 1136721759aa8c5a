// Finding what a document holds among what is there already: rows that say the same, whatever
// their ids, and ids that are taken. By id, lowest first.
import type { Channel } from "../../core/channels/channel.ts";
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import type { Subscription } from "../../core/channels/comm-store.ts";
import type { Db, Param } from "../db.ts";
import { sortKey } from "./messages.ts";

export function sameChannels(db: Db, space: number, channel: Channel): number[] {
  return ids(
    db,
    `SELECT id FROM comm_channel
     WHERE space = ? AND name = ? AND type = ? AND created_at = ? ORDER BY id`,
    space,
    channel.name,
    channel.channel_type,
    channel.created_at,
  );
}

export type Said = Pick<
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

export function sameSubscriptions(db: Db, space: number, subscription: Subscription): number[] {
  return ids(
    db,
    `SELECT id FROM comm_subscription
     WHERE space = ? AND topic = ? AND subscriber = ? AND created_at = ? ORDER BY id`,
    space,
    subscription.topic,
    subscription.subscriber,
    subscription.created_at,
  );
}

export function takenIds(
  db: Db,
  space: number,
  table: "comm_channel" | "comm_message" | "comm_subscription",
): Set<number> {
  return new Set(ids(db, `SELECT id FROM ${table} WHERE space = ?`, space));
}

function ids(db: Db, sql: string, ...params: Param[]): number[] {
  return db.all<{ id: number }>(sql, ...params).map((row) => row.id);
}
