// What somebody has not read yet: messages with a higher id than the cursor that are for it or for
// everybody, without its own, history of other machines and what was handed over to it as mail.
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import type { Db } from "../db.ts";
import type { MemberKey } from "./members.ts";
import { type MessageRow, messageColumns, messageOfRow, messageTables } from "./messages.ts";

export interface ReadMark extends MemberKey {
  cursor: number;
  /** Whose mail counts as read; null: nobody's. */
  principal: string | null;
  /** From `oldestAlive`. */
  oldest: bigint;
}

/** Oldest first. */
export function unreadMessages(db: Db, reading: ReadMark, limit: number): ChannelMessage[] {
  const rows = db.all<MessageRow>(
    `SELECT ${messageColumns}
     FROM (${unread} ORDER BY id LIMIT ?7) AS u JOIN ${messageTables}
     WHERE m.seq = u.seq ORDER BY m.id`,
    ...paramsOf(reading),
    limit,
  );
  return rows.map(messageOfRow);
}

export function countUnread(db: Db, reading: ReadMark): number {
  const sql = `SELECT count(*) AS n FROM (${unread})`;
  return db.get<{ n: number }>(sql, ...paramsOf(reading))?.n ?? 0;
}

// A digest only said that there is something.
const isNotMail = `NOT EXISTS (
  SELECT 1 FROM deliveries AS d WHERE d.message_id = event_id AND d.principal = ?6
    AND d.state IN ('handed', 'in_context', 'answered') AND d.policy IS NOT 'digest')`;

/** What was said before this machine was there. */
const isNoHistory = "(metadata IS NULL OR json_extract(metadata, '$._history') IS NULL)";

// Two ranges of one index. The unary plus keeps SQLite from walking the whole history by time.
const unread = `SELECT seq, id FROM comm_message
    WHERE space = ?1 AND channel = ?2 AND recipient IS NULL AND id > ?4
      AND +ts_ns >= ?5 AND sender <> ?3 AND ${isNoHistory} AND ${isNotMail}
  UNION ALL SELECT seq, id FROM comm_message
    WHERE space = ?1 AND channel = ?2 AND recipient = ?3 AND id > ?4
      AND +ts_ns >= ?5 AND sender <> ?3 AND ${isNoHistory} AND ${isNotMail}`;

function paramsOf(reading: ReadMark): [number, number, string, number, bigint, string | null] {
  const { space, channel, participant, cursor, oldest, principal } = reading;
  return [space, channel, participant, cursor, oldest, principal];
}
