// What SQLite says, as what a person must hear. Only failures of the outside become a Refusal
// here; a wrong statement or a violated constraint is passed on as it came.
import { Refusal } from "../core/refusal.ts";
import type { Holder } from "../sys/reading/open-files.ts";

/** Primary result codes, sqlite3.h. */
const code = {
  error: 1,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  protocol: 15,
  toobig: 18,
  constraint: 19,
  mismatch: 20,
  notadb: 26,
} as const;

/** Primary SQLite result code of a thrown error, or undefined when SQLite did not throw it. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

export function isCannotOpen(error: unknown): boolean {
  return sqliteCode(error) === code.cantopen;
}

/** The Refusal for a lock that was not released in time: worth another try. */
export function isBusy(error: unknown): boolean {
  return error instanceof Refusal && error.code === "database_busy";
}

/** A UNIQUE, CHECK, NOT NULL or foreign key violation, e.g. of a plain `insertInstance`. */
export function isConstraint(error: unknown): boolean {
  return sqliteCode(error) === code.constraint;
}

/** What the text of a statement is to blame for, be it at compiling or on some row. */
export function isSqlFault(error: unknown): error is Error {
  const found = sqliteCode(error);
  return found === code.error || found === code.toobig || found === code.mismatch;
}

/** The error to throw instead: a Refusal for trouble outside, else the very same error. */
export function databaseError(error: unknown, path: string): unknown {
  const text = error instanceof Error ? error.message : "";
  switch (sqliteCode(error)) {
    case code.busy:
    case code.locked:
    case code.protocol:
      return new Refusal({
        code: "database_busy",
        message: `Another process kept ${path} locked for longer than we wait.`,
        hint: "Try again; if it stays locked, look for a hanging program that has the file open.",
      });
    case code.readonly:
    case code.ioerr:
    case code.full:
    case code.cantopen:
      return unwritable(path, text);
    case code.corrupt:
    case code.notadb:
      return new Refusal({
        code: "database_broken",
        message: `${path} is not a readable SQLite database (${text}).`,
        hint:
          "Nothing was changed. Move the file (with its -wal and -shm) away to start afresh, " +
          "or restore it from archive/.",
      });
    default:
      return error;
  }
}

export function unwritable(path: string, reason: string): Refusal {
  return new Refusal({
    code: "database_unwritable",
    message: `The database ${path} cannot be written (${reason}).`,
    hint:
      "Check the owner, the free space and the mode of its directory, " +
      "or set HCOM_DIR to a writable one.",
  });
}

export function logRemoved(path: string, holders: readonly Holder[]): Refusal {
  const who = holders.map(({ pid, command }) => `${pid} (${command})`).join(", ");
  return new Refusal({
    code: "database_busy",
    message: `Somebody removed ${path}-wal while other programs have the database open.`,
    hint: `Nothing was written. Try again in a moment; if it stays so, end what holds it: ${who}.`,
  });
}

export function noDatabase(path: string): Refusal {
  return new Refusal({
    code: "no_database",
    message: `There is no database at ${path}.`,
    hint: "Nothing has used this directory yet: `hcom start` creates it.",
  });
}
