// A conversation in the database of an agent program that keeps its sessions in one: tables
// `message` and `part`, each with a JSON object of the program's in `data`.
import { Refusal } from "../../core/refusal.ts";
import type { Db } from "../db.ts";
import { isSqlFault } from "../errors.ts";
import { openForeign } from "../open/open-db.ts";

/**
 * Each message as a line of JSON, `{"id": ..., "about": {...}, "parts": [...]}`, oldest first; a
 * part that is no JSON is left out. Nothing is written. Returns how many were left out; undefined
 * where there is no such file, or it knows nothing of the session. A file that is there and cannot
 * be read is a Refusal.
 */
export function readConversation(
  path: string,
  session: string,
  take: (line: string) => void,
): number | undefined {
  const rows = messagesOf(path, session);
  let broken: number | undefined;
  try {
    for (;;) {
      // What who takes the lines throws is about what was asked, not about the file.
      const next = aboutTheFile(path, () => rows.next());
      if (next === undefined || next.done === true) return broken;
      broken = (broken ?? 0) + next.value.broken;
      take(next.value.line);
    }
  } finally {
    rows.return(undefined);
  }
}

/** Whoever holds the lock of its own file for longer is stuck. */
const patienceMs = 1000;

interface Message {
  line: string;
  broken: number;
}

/** One after the other by its key: a conversation may be larger than memory, its ids are not. */
function* messagesOf(path: string, session: string): Generator<Message> {
  using db: Db = openForeign(path, patienceMs);
  for (const { id } of db.all<{ id: string }>(inOrder, session)) {
    const message = db.get<Message>(oneMessage, id);
    if (message !== undefined) yield message;
  }
}

const inOrder = "SELECT id FROM message WHERE session_id = ? ORDER BY time_created, id";

const oneMessage = `SELECT json_object(
    'id', id,
    'about', json(CASE WHEN json_valid(data) THEN data ELSE '{}' END),
    'parts', json((SELECT json_group_array(json(data)) FROM (
      SELECT data FROM part WHERE message_id = message.id AND json_valid(data) ORDER BY id)))
    ) AS line,
    (NOT json_valid(data)) + (
      SELECT count(*) FROM part WHERE message_id = message.id AND NOT json_valid(data)) AS broken
  FROM message WHERE id = ?`;

function aboutTheFile<T>(path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal && error.code === "no_database") return undefined;
    throw unreadable(error, path);
  }
}

function unreadable(error: unknown, path: string): unknown {
  const said = (message: string, hint: string) =>
    new Refusal({ code: "unreadable_transcript", message, hint });
  if (isSqlFault(error)) {
    const hint = "another version of the program may keep its conversations in another way";
    return said(`${path} holds no conversations as hcom knows them: ${error.message}`, hint);
  }
  if (!(error instanceof Refusal)) return error;
  if (error.code === "database_busy") {
    return said(`${path} is locked by another program`, "try again");
  }
  return said(
    `the conversations in ${path} cannot be read: ${error.message}`,
    "it was not changed",
  );
}
