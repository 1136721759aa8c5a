// Full-text search over messages. The index holds every event; what a hit looks like on a screen
// is the caller's business.
import type { EventRow } from "../core/event.ts";
import type { Db } from "./db.ts";

/**
 * Messages that contain all words, newest first. `"a b"` in double quotes is a phrase, `word*` a
 * beginning; every other character is plain text.
 */
export function searchMessages(db: Db, text: string, limit: number): EventRow[] {
  const match = ftsQuery(text);
  if (match === undefined) return [];
  // CROSS JOIN fixes the order: the index hands out ids newest first, so LIMIT ends the search.
  return db.all<EventRow>(
    `SELECT e.id, e.timestamp, e.type, e.instance, e.data
     FROM events_fts AS f CROSS JOIN events AS e ON e.id = f.rowid
     WHERE events_fts MATCH ? AND e.type = 'message' ORDER BY f.rowid DESC LIMIT ?`,
    match,
    limit,
  );
}

/** Every part quoted, so that no operator of FTS5 is left; undefined without any word. */
function ftsQuery(text: string): string | undefined {
  const parts = [...text.matchAll(/"([^"]*)"|(\S+)/g)].flatMap(([, phrase, word]) => {
    const part = phrase ?? word ?? "";
    if (!/[\p{L}\p{N}]/u.test(part)) return [];
    const isBeginning = word?.endsWith("*") ?? false;
    return [`"${part.replaceAll('"', '""').replaceAll("\0", "")}"${isBeginning ? "*" : ""}`];
  });
  return parts.length > 0 ? parts.join(" AND ") : undefined;
}
