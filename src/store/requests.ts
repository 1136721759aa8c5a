// What became of a request at one reader: an answer, or a rest without one.
import type { Db } from "./db.ts";

/** A message of `by` that reaches `to` alone or among others, or that answers this very request. */
export function answersTo(db: Db, asked: { request: number; by: string; to: string }): boolean {
  const found = db.get(
    `SELECT 1 FROM events_v WHERE id > ?1 AND type = 'message' AND instance = ?2
       AND (msg_reply_to_local = ?1 OR msg_reply_to = CAST(?1 AS TEXT)
         OR (msg_scope = 'mentions' AND msg_reply_to IS NULL
           AND EXISTS (SELECT 1 FROM json_each(msg_mentions) WHERE value = ?3))) LIMIT 1`,
    asked.request,
    asked.by,
    asked.to,
  );
  return found !== undefined;
}

/**
 * The first time in `(after, upTo]` that the target stopped, or was idle after it had been handed
 * the request. `handedAt` as events have their time; without it only a stop counts.
 */
export function restsAfter(
  db: Db,
  asked: { target: string; after: number; upTo: number; handedAt: string | undefined },
): { id: number; isStop: boolean } | undefined {
  const row = db.get<{ id: number; type: string }>(
    `SELECT id, type FROM events_v WHERE id > ?1 AND id <= ?2 AND instance = ?3
       AND ((type = 'life' AND life_action = 'stopped')
         OR (type = 'status' AND status_val = 'listening' AND timestamp >= ?4))
     ORDER BY id LIMIT 1`,
    asked.after,
    asked.upTo,
    asked.target,
    // Later than any time.
    asked.handedAt ?? "9999",
  );
  return row === undefined ? undefined : { id: row.id, isStop: row.type === "life" };
}
