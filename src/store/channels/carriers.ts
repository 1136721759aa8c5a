// Which event of the log carries a channel's message to the agents.
import type { Db } from "../db.ts";

/** Message id to event id; a message from before it was imported has none. */
export function carriersOf(
  db: Db,
  space: number,
  messageIds: readonly number[],
): Map<number, number> {
  const rows = db.all<{ id: number; event_id: number }>(
    `SELECT id, event_id FROM comm_message
     WHERE space = ? AND event_id IS NOT NULL AND id IN (SELECT value FROM json_each(?))`,
    space,
    JSON.stringify(messageIds),
  );
  return new Map(rows.map((row) => [row.id, row.event_id]));
}
