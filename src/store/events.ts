// The log: appending events, reading them by id, and the questions that have a fixed form
// (unread messages, stopped instances, read receipts). Free filters are in `events-query.ts`.
import type { EventRow } from "../core/event.ts";
import type { Db } from "./db.ts";
import type { DeliveryState } from "./deliveries.ts";

export interface NewEventRow {
  type: string;
  instance: string;
  data: object;
  /** From `isoTime`. */
  timestamp: string;
}

const columns = "id, timestamp, type, instance, data";

/** Returns the id the log gave it. */
export function appendEvent(db: Db, event: NewEventRow): number {
  return db.run(
    "INSERT INTO events (timestamp, type, instance, data) VALUES (?, ?, ?, ?)",
    event.timestamp,
    event.type,
    event.instance,
    JSON.stringify(event.data),
  ).id;
}

/** `YYYY-MM-DDTHH:MM:SS.ffffff+00:00` of epoch milliseconds; fractions become microseconds. */
export function isoTime(ms: number): string {
  const micros = Math.floor((ms - Math.floor(ms)) * 1000);
  const millis = new Date(Math.floor(ms)).toISOString().slice(0, -1);
  return `${millis}${String(micros).padStart(3, "0")}+00:00`;
}

export function maxEventId(db: Db): number {
  return db.get<{ id: number | null }>("SELECT max(id) AS id FROM events")?.id ?? 0;
}

export function getEvent(db: Db, id: number): EventRow | undefined {
  return db.get<EventRow>(`SELECT ${columns} FROM events WHERE id = ?`, id);
}

/** The next events after `id`, oldest first. */
export function eventsAfter(db: Db, id: number, limit: number): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${columns} FROM events WHERE id > ? ORDER BY id LIMIT ?`,
    id,
    limit,
  );
}

/** The newest `n` events, oldest first. */
export function lastEvents(db: Db, n: number): EventRow[] {
  return db.all<EventRow>(`SELECT ${columns} FROM events ORDER BY id DESC LIMIT ?`, n).reverse();
}

/**
 * The delivery predicate on the read side: not one's own; a broadcast reaches everybody, a
 * message with mentions exactly its members. A missing row means "no unread": callers without a
 * cursor must not ask with 0.
 */
const addressed = `type = 'message' AND id > ?1
  AND json_extract(data, '$.from') IS NOT ?2
  AND (json_extract(data, '$.scope') = 'broadcast'
    OR EXISTS (SELECT 1 FROM json_each(data, '$.mentions') WHERE value = ?2))`;

/** Unread messages of `name` after its cursor, oldest first. */
export function unreadMessages(
  db: Db,
  reader: { name: string; cursor: number; limit: number },
): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${columns} FROM events WHERE ${addressed} ORDER BY id LIMIT ?3`,
    reader.cursor,
    reader.name,
    reader.limit,
  );
}

export function countUnread(db: Db, name: string, cursor: number): number {
  const row = db.get<{ n: number }>(
    `SELECT count(*) AS n FROM events WHERE ${addressed}`,
    cursor,
    name,
  );
  return row?.n ?? 0;
}

/** A stop of somebody who took part; a placeholder that never bound leaves its name reusable. */
const stopped = `type = 'life' AND json_extract(data, '$.action') = 'stopped'
  AND coalesce(json_extract(data, '$.placeholder'), 0) = 0`;

/** The newest real stop of that base name. */
export function latestStopped(db: Db, name: string): EventRow | undefined {
  // The unary plus takes the index on the action away: few events are of one name, many are stops.
  return db.get<EventRow>(
    `SELECT ${columns} FROM events
     WHERE ${stopped.replace("json_extract", "+json_extract")} AND instance = ?
     ORDER BY id DESC LIMIT 1`,
    name,
  );
}

/** The newest real stop whose snapshot holds that tool session. */
export function latestStoppedBySession(db: Db, sessionId: string): EventRow | undefined {
  return db.get<EventRow>(
    `SELECT ${columns} FROM events
     WHERE ${stopped} AND json_extract(data, '$.snapshot.session_id') = ?
     ORDER BY id DESC LIMIT 1`,
    sessionId,
  );
}

/** The last real stop of each name since then, newest first. */
export function recentlyStopped(db: Db, sinceIso: string): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${columns} FROM events WHERE id IN (
       SELECT max(id) FROM events INDEXED BY idx_timestamp
       WHERE timestamp >= ? AND ${stopped} GROUP BY instance
     ) ORDER BY id DESC`,
    sinceIso,
  );
}

/** Every name with a real stop: its history must not be mixed with another agent's. */
export function stoppedNames(db: Db): string[] {
  return db
    .all<{ instance: string }>(`SELECT DISTINCT instance FROM events WHERE ${stopped}`)
    .map((row) => row.instance);
}

/** What became of one message of ours at its local recipients. */
export interface Receipt {
  id: number;
  timestamp: string;
  text: string;
  thread: string | null;
  recipients: { name: string; isRead: boolean; state: DeliveryState | null }[];
}

/**
 * The newest messages from `name` that went to somebody, newest first. Read means that a
 * `deliver:` status of the recipient followed; `state` is the ledger's word, if it has one.
 */
export function readReceipts(db: Db, sent: { from: string; limit: number }): Receipt[] {
  const messages = db.all<Omit<Receipt, "recipients">>(
    `SELECT id, timestamp, msg_text AS text, msg_thread AS thread FROM events_v
     WHERE type = 'message' AND msg_from = ? AND msg_scope IS NOT NULL
       AND json_array_length(coalesce(msg_delivered_to, '[]')) > 0
     ORDER BY id DESC LIMIT ?`,
    sent.from,
    sent.limit,
  );
  return messages.map((message) => ({ ...message, recipients: recipientsOf(db, message.id) }));
}

function recipientsOf(db: Db, id: number): Receipt["recipients"] {
  const rows = db.all<{ name: string; is_read: number; state: DeliveryState | null }>(
    `SELECT r.value AS name,
       EXISTS (SELECT 1 FROM events_v AS s WHERE s.type = 'status' AND s.instance = r.value
         AND s.id > m.id AND s.status_context LIKE 'deliver:%') AS is_read,
       (SELECT state FROM deliveries WHERE message_id = m.id AND recipient = r.value) AS state
     FROM events AS m, json_each(m.data, '$.delivered_to') AS r WHERE m.id = ?`,
    id,
  );
  return rows.map(({ name, is_read, state }) => ({ name, isRead: is_read === 1, state }));
}
