// Opens the database: creates, migrates or imports it where needed (`open/prepare.ts`).
import { DatabaseSync } from "node:sqlite";
import { Db, usualPatienceMs } from "../db.ts";
import { databaseError, isCannotOpen, noDatabase, unwritable } from "../errors.ts";
import { isInWalMode, repairModes, statFile, uriOf } from "./files.ts";
import type { OpenOptions } from "./options.ts";
import type * as preparing from "./prepare.ts";
import { isCurrent } from "./version.ts";

/**
 * Opens the database at `path`, creating, migrating or importing it when needed. On a file of
 * ours this costs one open, one pragma and one read; node:fs is not even loaded.
 */
export function openDb(path: string, options: OpenOptions = {}): Db {
  if (mayLackLog(path)) {
    prepare().waitForRemovedLog(path, options.busyTimeoutMs ?? usualPatienceMs);
  }
  const db = connect(path, options) ?? connectNew(path, options);
  try {
    db.exec("PRAGMA synchronous=NORMAL");
    if (!isCurrent(db)) prepare().prepareDatabase(db, options);
    if (options.repairModes) repairModes(path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** An index beside no log, or an empty one. Without node:fs a missing file is an empty one. */
function mayLackLog(path: string): boolean {
  return Bun.file(`${path}-wal`).size === 0 && Bun.file(`${path}-shm`).size > 0;
}

/**
 * The schema, its migrations and the import: a quarter of what a hook would load, for the one open
 * in a machine's life that needs it. Opening is not asynchronous, so neither is this.
 */
function prepare(): typeof preparing {
  // biome-ignore lint/style/noCommonJs: the only way to load a module here and now, when needed
  return require("./prepare.ts");
}

/** Opens an archived database, of any schema, for reading; no `-wal` is created beside it. */
export function openArchive(path: string): Db {
  const isAtRest = (statFile(`${path}-wal`)?.size ?? 0) === 0;
  return openReadOnly(path, { isAtRest, patienceMs: usualPatienceMs });
}

/**
 * Another program's database, which it may have open: its locks count. In WAL mode there is no log
 * beside a file that nobody has open, and one would be created; then it is read as it lies there.
 */
export function openForeign(path: string, patienceMs: number): Db {
  const isAtRest = statFile(`${path}-wal`) === undefined && isInWalMode(path);
  return openReadOnly(path, { isAtRest, patienceMs });
}

function openReadOnly(path: string, how: { isAtRest: boolean; patienceMs: number }): Db {
  if (statFile(path) === undefined) throw noDatabase(path);
  try {
    const uri = uriOf(path, how.isAtRest ? "immutable=1" : "mode=ro");
    const handle = new DatabaseSync(uri, { readOnly: true, timeout: how.patienceMs });
    return new Db(handle, path, how.patienceMs);
  } catch (error) {
    throw databaseError(error, path);
  }
}

function connect(path: string, options: OpenOptions): Db | undefined {
  let handle: DatabaseSync;
  try {
    // mode=rw and not rwc: SQLite would create a missing file with the umask's mode.
    handle = new DatabaseSync(uriOf(path, "mode=rw"), {
      timeout: options.busyTimeoutMs ?? usualPatienceMs,
      enableForeignKeyConstraints: true,
    });
  } catch (error) {
    if (isCannotOpen(error)) return undefined;
    throw databaseError(error, path);
  }
  return new Db(handle, path, options.busyTimeoutMs);
}

function connectNew(path: string, options: OpenOptions): Db {
  if (options.create === false && statFile(path) === undefined) throw noDatabase(path);
  prepare().createFile(path);
  const db = connect(path, options);
  if (db) return db;
  throw unwritable(path, "it cannot be opened");
}
