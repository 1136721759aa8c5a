// The log: appending events, reading them by id, and the questions that have a fixed form
// (unread messages, stopped instances). Free filters are in `events-query.ts`.
import type { EventRow } from "../core/event.ts";
import type { Db } from "./db.ts";

export interface NewEventRow {
  type: string;
  instance: string;
  data: object;
  /** From `isoTime`. */
  timestamp: string;
}

/** What a row of the log has, in the order of `EventRow`. */
export const eventColumns = "id, timestamp, type, instance, data";

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
  return db.get<EventRow>(`SELECT ${eventColumns} FROM events WHERE id = ?`, id);
}

/** The next events after `id`, oldest first. */
export function eventsAfter(db: Db, id: number, limit: number): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events WHERE id > ? ORDER BY id LIMIT ?`,
    id,
    limit,
  );
}

/**
 * The delivery predicate on the read side: not one's own; a broadcast reaches everybody, a
 * message with mentions exactly its members. A missing row means "no unread": callers without a
 * cursor must not ask with 0. A row without a text is no message, whoever wrote it.
 */
const addressed = `type = 'message' AND id > ?1 AND json_type(data, '$.text') = 'text'
  AND json_extract(data, '$.from') IS NOT ?2
  AND (json_extract(data, '$.scope') = 'broadcast'
    OR EXISTS (SELECT 1 FROM json_each(data, '$.mentions') WHERE value = ?2))`;

/** Unread messages of `name` after its cursor, oldest first. */
export function unreadMessages(
  db: Db,
  reader: { name: string; cursor: number; limit: number },
): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events WHERE ${addressed} ORDER BY id LIMIT ?3`,
    reader.cursor,
    reader.name,
    reader.limit,
  );
}

/** What it took by itself before the cursor came there is read. */
export function countUnread(
  db: Db,
  reader: { name: string; principal: string; cursor: number },
): number {
  const row = db.get<{ n: number }>(
    `SELECT count(*) AS n FROM events WHERE ${addressed} AND id NOT IN (
       SELECT message_id FROM deliveries WHERE principal = ?3 AND message_id > ?1
         AND state IN ('handed', 'in_context', 'answered', 'expired', 'dead'))`,
    reader.cursor,
    reader.name,
    reader.principal,
  );
  return row?.n ?? 0;
}

/** A stop of somebody who took part; a placeholder that never bound leaves its name reusable. */
export const realStop = `type = 'life' AND json_extract(data, '$.action') = 'stopped'
  AND coalesce(json_extract(data, '$.placeholder'), 0) = 0`;

/** The newest real stop of that base name, or of it under that tag. */
export function latestStopped(db: Db, name: string, tag?: string): EventRow | undefined {
  // The unary plus takes the index on the action away: few events are of one name, many are stops.
  return db.get<EventRow>(
    `SELECT ${eventColumns} FROM events
     WHERE ${realStop.replace("json_extract", "+json_extract")} AND instance = ?1
       AND (?2 IS NULL OR json_extract(data, '$.snapshot.tag') = ?2)
     ORDER BY id DESC LIMIT 1`,
    name,
    tag ?? null,
  );
}

/** Of one who was in a session: a shell that had the name meanwhile left none. */
export function latestStoppedInSession(db: Db, name: string): EventRow | undefined {
  return db.get<EventRow>(
    `SELECT ${eventColumns} FROM events
     WHERE ${realStop.replace("json_extract", "+json_extract")} AND instance = ?
       AND json_extract(data, '$.snapshot.session_id') IS NOT NULL
     ORDER BY id DESC LIMIT 1`,
    name,
  );
}

/** The newest real stop whose snapshot holds that tool session. */
export function latestStoppedBySession(db: Db, sessionId: string): EventRow | undefined {
  return db.get<EventRow>(
    `SELECT ${eventColumns} FROM events
     WHERE ${realStop} AND json_extract(data, '$.snapshot.session_id') = ?
     ORDER BY id DESC LIMIT 1`,
    sessionId,
  );
}

/** The last real stop of each name since then, newest first. */
export function recentlyStopped(db: Db, sinceIso: string): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events WHERE id IN (
       SELECT max(id) FROM events INDEXED BY idx_timestamp
       WHERE timestamp >= ? AND ${realStop} GROUP BY instance
     ) ORDER BY id DESC`,
    sinceIso,
  );
}
