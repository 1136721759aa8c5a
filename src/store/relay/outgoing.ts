// What of the log goes to other devices: events that began here and mean something elsewhere. What
// came from others, notices to our own agents, channels of this device and its own life stay.
import type { EventRow } from "../../core/event.ts";
import type { Db } from "../db.ts";

const goesOut = `instance NOT LIKE '%:%' AND instance <> '_device'
  AND instance NOT LIKE 'sys\\_%' ESCAPE '\\'
  AND NOT (type = 'life' AND instance = '')
  AND id NOT IN (SELECT event_id FROM relay_origins)
  AND json_extract(data, '$._relay') IS NULL
  AND (type <> 'message' OR json_extract(data, '$.channel') IS NULL
    OR json_extract(data, '$.channel.shared') IS NOT NULL
    OR json_extract(data, '$.delivered_to') LIKE '%:%')`;

interface Range {
  after: number;
  upTo: number;
  limit: number;
}

/** Oldest first, behind `after` and up to `upTo`. An answer has its result with it. */
export function outgoingEvents(db: Db, range: Range): EventRow[] {
  return db.all<EventRow>(
    `SELECT id, timestamp, type, instance,
       CASE WHEN type = 'rpc_result' THEN coalesce((SELECT json_set(data, '$.result', json(result))
         FROM relay_answers WHERE event_id = events.id), data) ELSE data END AS data
     FROM events WHERE id > ? AND id <= ? AND ${goesOut} ORDER BY id LIMIT ?`,
    range.after,
    range.upTo,
    range.limit,
  );
}

/**
 * The same without answers: whoever missed one has asked again, and an answer that held earlier
 * answers would grow with every question until nothing fits.
 */
export function eventsMissed(db: Db, range: Range): EventRow[] {
  return db.all<EventRow>(
    `SELECT id, timestamp, type, instance, data FROM events
     WHERE id > ? AND id <= ? AND type <> 'rpc_result' AND ${goesOut} ORDER BY id LIMIT ?`,
    range.after,
    range.upTo,
    range.limit,
  );
}

export function countOutgoing(db: Db, after: number): number {
  const row = db.get<{ n: number }>(
    `SELECT count(*) AS n FROM events WHERE id > ? AND ${goesOut}`,
    after,
  );
  return row?.n ?? 0;
}

/** Agents of other devices that these messages are for now know that they left here. */
export function notePublished(db: Db, range: { after: number; upTo: number; now: number }): number {
  return db.run(
    `UPDATE deliveries SET published_at = ?
     WHERE message_id > ? AND message_id <= ? AND recipient LIKE '%:%' AND published_at IS NULL`,
    range.now,
    range.after,
    range.upTo,
  ).changes;
}

/** When this device last began its log anew, in epoch seconds; 0 = never. */
export function lastReset(db: Db): number {
  const row = db.get<{ at: number | null }>(
    `SELECT CAST(strftime('%s', max(timestamp)) AS INTEGER) AS at FROM events
     WHERE instance = '_device' AND type = 'life' AND json_extract(data, '$.action') = 'reset'
       AND json_extract(data, '$._relay') IS NULL`,
  );
  return row?.at ?? 0;
}
