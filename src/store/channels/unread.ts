// What somebody has not read yet: messages with a higher id than the cursor that are for it or for
// everybody, without its own.
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import type { Db } from "../db.ts";
import type { Place } from "./members.ts";
import { type MessageRow, messageColumns, messageOfRow, messageTables } from "./messages.ts";

export interface Reading extends Place {
  cursor: number;
  /** A subscriber who is no member gets its own copies only. */
  isMember: boolean;
  /** From `oldestAlive`. */
  oldest: bigint;
}

/** Oldest first. */
export function unreadMessages(db: Db, reading: Reading, limit: number): ChannelMessage[] {
  const rows = db.all<MessageRow>(
    `SELECT ${messageColumns} FROM ${messageTables}
     WHERE ${isUnread(reading)} ORDER BY m.id LIMIT ?6`,
    ...paramsOf(reading),
    limit,
  );
  return rows.map(messageOfRow);
}

export function countUnread(db: Db, reading: Reading): number {
  const row = db.get<{ n: number }>(
    `SELECT count(*) AS n FROM comm_message AS m WHERE ${isUnread(reading)}`,
    ...paramsOf(reading),
  );
  return row?.n ?? 0;
}

function isUnread(reading: Reading): string {
  // Written as a list of row values, so that each is one range of the index.
  const forIt = reading.isMember ? "(m.recipient IS NULL OR m.recipient = ?3)" : "m.recipient = ?3";
  return `m.space = ?1 AND m.channel = ?2 AND ${forIt} AND m.id > ?4 AND m.ts_ns >= ?5
    AND m.sender <> ?3`;
}

function paramsOf(reading: Reading): [number, number, string, number, bigint] {
  return [reading.space, reading.channel, reading.participant, reading.cursor, reading.oldest];
}
