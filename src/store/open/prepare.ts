// What happens at open when the file is not simply a current database of ours: create, migrate,
// import or refuse. Every decision is taken again under the write lock, since others may be
// opening the same file; a file that is refused is left byte for byte as it was.
import { DatabaseSync } from "node:sqlite";
import { Refusal } from "../../core/refusal.ts";
import type { Db } from "../db.ts";
import { unwritable } from "../errors.ts";
import { makeFile, repairModes, statFile } from "./files.ts";
import { importable, importForeign, isImportable, looksLikeHcom } from "./import.ts";
import { migrate, newerDatabase } from "./migrate.ts";
import type { OpenOptions } from "./options.ts";
import { applicationId, currentVersion, stampOf } from "./version.ts";

type State = "current" | "empty" | "older" | "importable" | Refusal;

export { waitForRemovedLog } from "./removed-log.ts";

export function createFile(path: string): void {
  try {
    makeFile(path);
  } catch (error) {
    throw unwritable(path, error instanceof Error ? error.message : String(error));
  }
}

export function prepareDatabase(db: Db, options: OpenOptions): void {
  const state = db.read(() => stateOf(db));
  if (state instanceof Refusal) {
    closeUntouched(db);
    throw state;
  }
  if (state === "current") return;
  setWal(db);
  if (state === "importable") importForeign(db, options);
  else takeForward(db, options);
  repairModes(db.path);
}

function stateOf(db: Db): State {
  const stamp = stampOf(db);
  const version = stamp.user_version;
  if (stamp.application_id === applicationId) {
    if (version === currentVersion) return "current";
    if (version > currentVersion) return newerDatabase(db.path, `schema ${version}`);
    return version >= 100 ? "older" : foreign(db.path, `schema ${version} under our name`);
  }
  const tables = db.all<{ name: string }>("SELECT name FROM sqlite_schema").map((row) => row.name);
  if (stamp.application_id === 0 && version === 0 && tables.length === 0) return "empty";
  if (isImportable(stamp, tables)) return "importable";
  return refusalFor(db.path, stamp, tables);
}

function refusalFor(
  path: string,
  stamp: { user_version: number; application_id: number },
  tables: string[],
): Refusal {
  const version = stamp.user_version;
  if (stamp.application_id !== 0) {
    return foreign(path, `application id 0x${(stamp.application_id >>> 0).toString(16)}`);
  }
  if (!looksLikeHcom(tables)) {
    const some = tables.slice(0, 3).join(", ");
    return foreign(path, `schema version ${version}, tables ${some || "none"}`);
  }
  const { oldest, newest } = importable;
  if (version > newest) return newerForeign(path, version);
  return foreign(path, `hcom schema ${version}; only ${oldest} to ${newest} can be imported`);
}

/** Of another program of this name: an update of ours need not help. */
function newerForeign(path: string, version: number): Refusal {
  return new Refusal({
    code: "newer_database",
    message:
      `${path} was written by a newer version of another hcom (schema ${version}); ` +
      `this one can import its schemas up to ${importable.newest}.`,
    hint:
      "Nothing was changed. Give this program a directory of its own, for example " +
      "HCOM_DIR=~/.hcom-2, or see whether a newer version of it knows that schema.",
  });
}

function foreign(path: string, found: string): Refusal {
  return new Refusal({
    code: "foreign_database",
    message: `${path} is not a database of this program (found ${found}).`,
    hint: "Nothing was changed. Move the file away, or point HCOM_DIR to another directory.",
  });
}

function takeForward(db: Db, options: OpenOptions): void {
  db.write(() => {
    const state = stateOf(db);
    if (state !== "empty" && state !== "older") return;
    const from = stampOf(db).user_version;
    migrate(db, from);
    options.log?.({
      level: "info",
      subsystem: "store",
      event: from === 0 ? "created" : "migrated",
      from,
      to: currentVersion,
      path: db.path,
    });
  });
}

/**
 * The mode is kept in the file, so it is set only here and not at each open. SQLite does not wait
 * here when two processes switch at once: it fails both.
 */
function setWal(db: Db): void {
  db.untilUnlocked(() => db.exec("PRAGMA journal_mode=WAL"));
}

/**
 * The last connection that closes writes the WAL back into the file. Where there is one, a
 * second, read-only connection keeps ours from being the last, and may itself not write.
 */
function closeUntouched(db: Db): void {
  if ((statFile(`${db.path}-wal`)?.size ?? 0) === 0) {
    db.close();
    return;
  }
  const guard = new DatabaseSync(db.path, { readOnly: true });
  try {
    guard.prepare("SELECT count(*) FROM sqlite_schema").get();
    db.close();
  } finally {
    guard.close();
  }
}
