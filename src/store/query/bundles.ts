// Bundles in the log. Few events are bundles: the index on the type leads to them.
import type { EventRow } from "../../core/event.ts";
import type { Db } from "../db.ts";
import { eventColumns } from "../events.ts";

/** Newest first. */
export function newestBundles(db: Db, limit: number): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events WHERE type = 'bundle' ORDER BY id DESC LIMIT ?`,
    limit,
  );
}

export function countBundles(db: Db): number {
  const sql = "SELECT count(*) AS n FROM events WHERE type = 'bundle'";
  return db.get<{ n: number }>(sql)?.n ?? 0;
}

/** The newest whose id begins so; `prefix` holds nothing that means something in a pattern. */
export function bundleById(db: Db, prefix: string): EventRow | undefined {
  return db.get<EventRow>(
    `SELECT ${eventColumns} FROM events
     WHERE type = 'bundle' AND json_extract(data, '$.bundle_id') LIKE ? || '%'
     ORDER BY id DESC LIMIT 1`,
    prefix,
  );
}

/** The events of a range that are here, oldest first. */
export function eventsBetween(
  db: Db,
  { from, to, limit }: { from: number; to: number; limit: number },
): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?`,
    from,
    to,
    limit,
  );
}
