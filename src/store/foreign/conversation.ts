// A conversation in the database of an agent program that keeps its sessions in one: tables
// `message` and `part`, each with a JSON object of the program's in `data`.
import { Refusal } from "../../core/refusal.ts";
import { openArchive } from "../open/open-db.ts";

/**
 * Each message as a line of JSON, `{"id": ..., "about": {...}, "parts": [...]}`, oldest first.
 * Nothing is written. False where the database cannot be read, or knows nothing of the session.
 */
export function readConversation(
  path: string,
  session: string,
  take: (line: string) => void,
): boolean {
  try {
    using db = openArchive(path);
    let seen = 0;
    for (let after = ""; ; ) {
      const rows = db.all<{ place: string; line: string }>(page, session, after);
      for (const { line } of rows) take(line);
      seen += rows.length;
      const last = rows.at(-1);
      if (last === undefined) return seen > 0;
      after = last.place;
    }
  } catch (error) {
    // What its reader refuses is about what was asked, not about the file.
    if (error instanceof Refusal && !ofTheFile.has(error.code)) throw error;
    // Another version's tables, or a file that is none of its: then there is no conversation.
    return false;
  }
}

const ofTheFile: ReadonlySet<string> = new Set([
  ...["database_busy", "database_broken", "database_unwritable", "no_database"],
]);

/** A page at a time: a conversation may be larger than memory. */
const page = `SELECT place, line FROM (
    SELECT printf('%016d ', time_created) || id AS place, json_object(
      'id', id,
      'about', json(data),
      'parts', json((SELECT json_group_array(json(data)) FROM (
        SELECT data FROM part WHERE message_id = message.id ORDER BY id)))) AS line
    FROM message WHERE session_id = ?1)
  WHERE place > ?2 ORDER BY place LIMIT 50`;
