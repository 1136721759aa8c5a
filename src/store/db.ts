// One connection to the database: prepared statements, IMMEDIATE transactions, errors as
// Refusals. It knows no table; creating, migrating and importing are in `open/prepare.ts`.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { LogRecord } from "../sys/system.ts";
import { databaseError, isCannotOpen, noDatabase, unwritable } from "./errors.ts";
import { isSameFileOpen, repairModes, statFile, uriOf } from "./open/files.ts";
import { createFile, prepareDatabase } from "./open/prepare.ts";
import { isCurrent } from "./open/version.ts";

export type Param = string | number | bigint | null | Uint8Array;

export interface OpenOptions {
  /** How long a statement waits for the lock of another process. */
  busyTimeoutMs?: number;
  /** false: a missing file is a Refusal `no_database`. */
  create?: boolean;
  /** Takes group and world off what lies loose; costs some system calls, so not in hooks. */
  repairModes?: boolean;
  /** Epoch milliseconds; names the archive folder of an import. */
  now?: () => number;
  log?: (record: LogRecord) => void;
}

/**
 * Opens the database at `path`, creating, migrating or importing it when needed. On a file of
 * ours this costs one open, one pragma and one read; node:fs is not even loaded.
 */
export function openDb(path: string, options: OpenOptions = {}): Db {
  const db = connect(path, options) ?? connectNew(path, options);
  try {
    db.exec("PRAGMA synchronous=NORMAL");
    if (!isCurrent(db)) prepareDatabase(db, options);
    if (options.repairModes) repairModes(path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens an archived database, of any schema, for reading; no `-wal` is created beside it. */
export function openArchive(path: string): Db {
  if (statFile(path) === undefined) throw noDatabase(path);
  const isAtRest = (statFile(`${path}-wal`)?.size ?? 0) === 0;
  try {
    const mode = isAtRest ? "immutable=1" : "mode=ro";
    return new Db(new DatabaseSync(uriOf(path, mode), { readOnly: true }), path);
  } catch (error) {
    throw databaseError(error, path);
  }
}

function connect(path: string, options: OpenOptions): Db | undefined {
  let handle: DatabaseSync;
  try {
    // mode=rw and not rwc: SQLite would create a missing file with the umask's mode.
    handle = new DatabaseSync(uriOf(path, "mode=rw"), {
      timeout: options.busyTimeoutMs ?? 5000,
      enableForeignKeyConstraints: true,
    });
  } catch (error) {
    if (isCannotOpen(error)) return undefined;
    throw databaseError(error, path);
  }
  return new Db(handle, path);
}

function connectNew(path: string, options: OpenOptions): Db {
  if (options.create === false && statFile(path) === undefined) throw noDatabase(path);
  createFile(path);
  const db = connect(path, options);
  if (db) return db;
  throw unwritable(path, "it cannot be opened");
}

export class Db implements Disposable {
  readonly path: string;
  readonly #handle: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #inode: string | undefined;
  #transaction: "none" | "read" | "write" = "none";
  #isClosed = false;

  constructor(handle: DatabaseSync, path: string) {
    this.#handle = handle;
    this.path = path;
  }

  get<T>(sql: string, ...params: Param[]): T | undefined {
    try {
      return this.#statement(sql).get(...params) as T | undefined;
    } catch (error) {
      throw databaseError(error, this.path);
    }
  }

  all<T>(sql: string, ...params: Param[]): T[] {
    try {
      return this.#statement(sql).all(...params) as T[];
    } catch (error) {
      throw databaseError(error, this.path);
    }
  }

  run(sql: string, ...params: Param[]): { changes: number; id: number } {
    try {
      const { changes, lastInsertRowid } = this.#statement(sql).run(...params);
      return { changes: Number(changes), id: Number(lastInsertRowid) };
    } catch (error) {
      throw databaseError(error, this.path);
    }
  }

  /** Several statements without parameters. */
  exec(sql: string): void {
    try {
      this.#handle.exec(sql);
    } catch (error) {
      throw databaseError(error, this.path);
    }
  }

  /** Compiles without running: throws SQLite's own complaint about a wrong statement. */
  check(sql: string): void {
    this.#handle.prepare(sql);
  }

  /**
   * Runs `body` in one IMMEDIATE transaction: a deferred one that reads first fails with BUSY in
   * spite of the timeout. Inside another `write` it joins that one; then only the outer commits.
   */
  write<T>(body: () => T): T {
    if (this.#transaction === "write") return body();
    if (this.#transaction === "read") throw new Error("write inside read: it would be undone");
    this.exec("BEGIN IMMEDIATE");
    this.#transaction = "write";
    try {
      const result = body();
      this.exec("COMMIT");
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      this.#transaction = "none";
    }
  }

  /** Runs `body`, which only reads, on one state of the database. */
  read<T>(body: () => T): T {
    if (this.#transaction !== "none") return body();
    this.exec("BEGIN");
    this.#transaction = "read";
    try {
      return body();
    } finally {
      this.#rollBack();
      this.#transaction = "none";
    }
  }

  /** Changes whenever another connection committed. */
  dataVersion(): number {
    return this.get<{ data_version: number }>("PRAGMA data_version")?.data_version ?? 0;
  }

  /**
   * The file at our path is another one than we have open (a reset replaced it): reopen. The
   * first call also repairs loose file modes; only long-lived processes ask, so hooks pay nothing.
   */
  isReplaced(): boolean {
    const there = statFile(this.path);
    if (there === undefined) return true;
    if (this.#inode === undefined) {
      if (!isSameFileOpen(there)) return true;
      this.#inode = there.identity;
      repairModes(this.path);
    }
    return there.identity !== this.#inode;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#statements.clear();
    this.#handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const made = this.#handle.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }

  #rollBack(): void {
    try {
      this.#handle.exec("ROLLBACK");
    } catch {
      // SQLite rolled back by itself (disk full, I/O error): the first error is the one to tell.
    }
  }
}
