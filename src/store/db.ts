// One connection to the database: prepared statements, IMMEDIATE transactions, errors as
// Refusals. It knows no table, and how it is opened is in `open/open-db.ts`.
import { constants, type DatabaseSync, type StatementSync } from "node:sqlite";
import { databaseError, isBusy } from "./errors.ts";
import { isSameFileOpen, repairModes, statFile } from "./open/files.ts";
import { closeBesideOthers, isLogLost, type LogFiles } from "./open/log-files.ts";

export type Param = string | number | bigint | null | Uint8Array;

/** One thing that a statement would do, as sqlite3_set_authorizer tells it. */
export interface SqlAct {
  code: number;
  /** Of a read: the table. */
  name: string | null;
}

/** How long a connection waits for locks of others where nothing else is said. */
export const usualPatienceMs = 5000;
/** Shorter ones are no waits for somebody else. */
const noticeableMs = 5;

export class Db implements Disposable {
  readonly path: string;
  readonly #handle: DatabaseSync;
  readonly #patienceMs: number;
  /** What is left of it for this call. */
  #leftMs: number;
  readonly #statements = new Map<string, StatementSync>();
  #inode: string | undefined;
  #writtenMs: number | undefined;
  readonly #log: LogFiles = new Map();
  #transaction: "none" | "read" | "write" = "none";
  readonly #afterCommit = new Map<string, () => void>();
  #isClosed = false;

  constructor(handle: DatabaseSync, path: string, patienceMs: number = usualPatienceMs) {
    this.#handle = handle;
    this.path = path;
    this.#patienceMs = patienceMs;
    this.#leftMs = patienceMs;
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
      const run = () => this.#statement(sql).run(...params);
      // A statement by itself waits for its own lock.
      const isAlone = this.#transaction === "none";
      const { changes, lastInsertRowid } = isAlone ? this.#waitingTogether(run) : run();
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

  /**
   * Compiles without running: throws SQLite's own complaint about a wrong statement, and "not
   * authorized" where `mayDo` refuses one of the things that it would do.
   */
  check(sql: string, mayDo: (act: SqlAct) => boolean): void {
    this.#handle.setAuthorizer((code, name) =>
      mayDo({ code, name }) ? constants.SQLITE_OK : constants.SQLITE_DENY,
    );
    try {
      this.#handle.prepare(sql);
    } finally {
      this.#handle.setAuthorizer(null);
    }
  }

  /**
   * Runs `body` in one IMMEDIATE transaction: a deferred one that reads first fails with BUSY in
   * spite of the timeout. Inside another `write` it joins that one; then only the outer commits.
   */
  write<T>(body: () => T): T {
    if (this.#transaction === "write") return body();
    if (this.#transaction === "read") throw new Error("write inside read: it would be undone");
    this.#waitingTogether(() => this.exec("BEGIN IMMEDIATE"));
    this.#transaction = "write";
    try {
      const result = body();
      this.exec("COMMIT");
      this.#transaction = "none";
      this.#follow();
      return result;
    } catch (error) {
      if (this.#transaction === "write") this.#rollBack();
      throw error;
    } finally {
      this.#transaction = "none";
      this.#afterCommit.clear();
    }
  }

  /**
   * Runs `work` behind the commit of the transaction that is open, or now. The last one of a `key`
   * counts. What it throws is dropped: what was committed is so, and must not look refused.
   */
  afterCommit(key: string, work: () => void): void {
    this.#afterCommit.set(key, work);
    if (this.#transaction !== "write") this.#follow();
  }

  #follow(): void {
    const works = [...this.#afterCommit.values()];
    this.#afterCommit.clear();
    for (const work of works) {
      try {
        work();
      } catch {
        // A hint for others that they can do without.
      }
    }
  }

  /** Part of a `write`: when `body` throws, what it did is undone, and the rest goes on. */
  part<T>(body: () => T): T {
    this.exec("SAVEPOINT part");
    try {
      const result = body();
      this.exec("RELEASE part");
      return result;
    } catch (error) {
      this.exec("ROLLBACK TO part; RELEASE part");
      throw error;
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
   * Where somebody wrote to the file itself (SQLite does it when it empties the log, `cp` at any
   * time and without a word) what is read from now on is what stands there.
   */
  isReplaced(): boolean {
    const there = statFile(this.path);
    if (there === undefined) return true;
    if (this.#inode === undefined) {
      if (!isSameFileOpen(there)) return true;
      this.#inode = there.identity;
      repairModes(this.path);
    }
    if (there.identity !== this.#inode) return true;
    const isWritten = this.#writtenMs !== undefined && this.#writtenMs !== there.writtenMs;
    this.#writtenMs = there.writtenMs;
    if (isWritten) this.exec("PRAGMA shrink_memory");
    return false;
  }

  /**
   * Somebody removed our log beside the database: what we write would be seen by nobody. Such a
   * connection is closed before it is opened again. Only for who asks `isReplaced`, too.
   */
  hasLostLog(): boolean {
    return isLogLost(this.path, this.#log);
  }

  /** A long-lived process begins another call: its waits start anew. */
  renewPatience(): void {
    if (this.#leftMs !== this.#patienceMs) this.#waitAtMost(this.#patienceMs);
  }

  /**
   * Tries again while `work` finds the file locked, also where SQLite itself does not wait, until
   * the patience of this call is used up.
   */
  untilUnlocked(work: () => void): void {
    const deadline = performance.now() + this.#leftMs;
    this.#waitAtMost(Math.min(this.#leftMs, 100));
    try {
      for (;;) {
        try {
          work();
          return;
        } catch (error) {
          if (!isBusy(error) || performance.now() >= deadline) throw error;
          Bun.sleepSync(5 + (process.pid % 10));
        }
      }
    } finally {
      this.#waitAtMost(Math.max(1, deadline - performance.now()));
    }
  }

  isOpen(): boolean {
    return !this.#isClosed;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#statements.clear();
    const close = () => this.#handle.close();
    // Short-lived ones never looked at their log, and cost nothing here.
    if (this.#log.size > 0 && this.hasLostLog()) closeBesideOthers(this.path, close);
    else close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #waitingTogether<T>(work: () => T): T {
    const startedAt = performance.now();
    try {
      return work();
    } finally {
      const waitedMs = performance.now() - startedAt;
      if (waitedMs > noticeableMs) this.#waitAtMost(Math.max(1, this.#leftMs - waitedMs));
    }
  }

  #waitAtMost(ms: number): void {
    this.#leftMs = ms;
    this.#handle.exec(`PRAGMA busy_timeout=${Math.ceil(ms)}`);
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
