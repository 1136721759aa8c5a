// What the log says about a batch of launches.
import type { EventRow } from "../core/event.ts";
import type { Db } from "./db.ts";
import { eventColumns } from "./events.ts";

/** The launch of a batch and the outcomes of its members, oldest first. */
export function stepsOfBatch(db: Db, batchId: string): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events
     WHERE json_extract(data, '$.action')
         IN ('batch_launched', 'ready', 'launch_failed', 'launch_blocked')
       AND type = 'life' AND json_extract(data, '$.batch_id') = ?
     ORDER BY id`,
    batchId,
  );
}
