// Which event of the log came from which event of which device.
import type { Db } from "../db.ts";

/** False: it is here already. */
export function addOrigin(
  db: Db,
  origin: { eventId: number; device: string; remoteId: number },
): boolean {
  const { changes } = db.run(
    "INSERT OR IGNORE INTO relay_origins (event_id, device, remote_id) VALUES (?, ?, ?)",
    origin.eventId,
    origin.device,
    origin.remoteId,
  );
  return changes > 0;
}

/** Where an event of that device stands in our log. */
export function localEvent(db: Db, device: string, remoteId: number): number | undefined {
  return db.get<{ id: number }>(
    "SELECT event_id AS id FROM relay_origins WHERE device = ? AND remote_id = ?",
    device,
    remoteId,
  )?.id;
}

/** Where events of a range of that device's ids stand in our log, oldest first. */
export function localEvents(
  db: Db,
  device: string,
  { from, to, limit }: { from: number; to: number; limit: number },
): number[] {
  const rows = db.all<{ id: number }>(
    `SELECT event_id AS id FROM relay_origins WHERE device = ? AND remote_id BETWEEN ? AND ?
     ORDER BY remote_id LIMIT ?`,
    device,
    from,
    to,
    limit,
  );
  return rows.map(({ id }) => id);
}

/** Of those that came from other devices: how they are called in a text. */
export function remoteLabels(db: Db, ids: readonly number[]): Map<number, string> {
  const rows = db.all<{ id: number; label: string }>(
    `SELECT event_id AS id, json_extract(data, '$._relay.id') || ':' ||
       json_extract(data, '$._relay.short') AS label
     FROM relay_origins JOIN events ON events.id = event_id
     WHERE event_id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
  return new Map(rows.map(({ id, label }) => [id, label]));
}
