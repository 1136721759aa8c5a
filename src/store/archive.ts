// Copies of a database in `archive/` beside it. What is archived when, and whether the original
// then goes away, is decided by the callers; `openArchive` reads a copy again.
import { DatabaseSync } from "node:sqlite";
import type { Db } from "./db.ts";
import { databaseError, unwritable } from "./errors.ts";
import { directoryOf, makeNewFolder, removeFolder, repairModes, uriOf } from "./open/files.ts";

/**
 * Copies what is committed to `archive/session-YYYY-MM-DD_HHMMSS/` (UTC) and returns that folder.
 * SQLite itself writes the copy: one complete file, whatever still sat in the WAL. Copying the
 * files from this process would drop the locks of every connection in it.
 */
export function copyToArchive(db: Db, nowMs: number): string {
  const iso = new Date(nowMs).toISOString();
  const name = `session-${iso.slice(0, 10)}_${iso.slice(11, 19).replaceAll(":", "")}`;
  const folder = newFolder(`${directoryOf(db.path)}/archive/${name}`);
  const copy = `${folder}/${db.path.slice(db.path.lastIndexOf("/") + 1)}`;
  // A connection of its own, because VACUUM is not possible inside a transaction of the caller.
  const reader = new DatabaseSync(uriOf(db.path, "mode=rw"), { timeout: 5000 });
  try {
    reader.prepare("VACUUM INTO ?").run(copy);
  } catch (error) {
    removeFolder(folder);
    throw databaseError(error, db.path);
  } finally {
    reader.close();
  }
  repairModes(copy);
  return folder;
}

function newFolder(wanted: string): string {
  try {
    return makeNewFolder(wanted);
  } catch (error) {
    throw unwritable(wanted, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Copies all that is there to the archive and empties the log, in one transaction: whatever
 * somebody writes meanwhile waits, and is in the new one. Ids go on, so that no cursor means
 * something else.
 */
export function archiveAndClear(db: Db, nowMs: number, begin: () => void): string {
  const folder = db.write(() => {
    const copy = copyToArchive(db, nowMs);
    db.exec("PRAGMA defer_foreign_keys=ON");
    for (const rows of cleared) db.exec(`DELETE FROM ${rows}`);
    // The index knows only ids.
    db.exec("INSERT INTO events_fts(events_fts) VALUES ('delete-all')");
    begin();
    return copy;
  });
  try {
    db.exec("VACUUM");
  } catch {
    // The space is given back another time.
  }
  return folder;
}

/** What agents of this machine were and said. Channels, principals and other devices stay. */
const cleared = [
  ...["deliveries", "claude_actor_capabilities", "notify_endpoints", "events"],
  ...["session_bindings", "process_bindings", "instances WHERE origin_device_id = ''"],
  "kv WHERE key NOT LIKE 'relay%'",
  // Whoever takes one of the names later is somebody else, and joins anew.
  ...[
    "comm_member WHERE principal IS NOT NULL AND principal NOT LIKE '%/%'",
    "comm_subscription WHERE principal IS NOT NULL",
  ],
] as const;
