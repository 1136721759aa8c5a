// Our version line: the list of migrations and how they are applied. A database is only ever
// taken forward, and always in one transaction with its version number.
import { Refusal } from "../../core/refusal.ts";
import type { Db } from "../db.ts";
import base from "../migrations/0001-base.sql" with { type: "text" };
import channels from "../migrations/0002-channels.sql" with { type: "text" };

export interface Migration {
  /** `user_version` afterwards. Ours start at 100: 14 and 18 are other programs' schemas. */
  version: number;
  name: string;
  sql: string;
}

const migrations: readonly Migration[] = [
  { version: 100, name: "base", sql: base },
  { version: 101, name: "channels", sql: channels },
];

/** "hcom" in ASCII, in the header field that says whose SQLite file it is. */
export const applicationId = 0x68636f6d;

export const currentVersion = migrations.at(-1)?.version ?? 0;

export interface Stamp {
  user_version: number;
  application_id: number;
}

export function stampOf(db: Db): Stamp {
  const row = db.get<Stamp>(
    "SELECT user_version, application_id FROM pragma_user_version, pragma_application_id",
  );
  return row ?? { user_version: 0, application_id: 0 };
}

export function isCurrent(db: Db): boolean {
  const stamp = stampOf(db);
  return stamp.application_id === applicationId && stamp.user_version === currentVersion;
}

/** Applies what is missing after `from`; the caller holds the write transaction. */
export function migrate(db: Db, from: number): void {
  for (const step of migrations) {
    if (step.version > from) db.exec(step.sql);
  }
  db.exec(`PRAGMA application_id=${applicationId}; PRAGMA user_version=${currentVersion}`);
}

export function newerDatabase(path: string, found: string): Refusal {
  return new Refusal({
    code: "newer_database",
    message: `${path} was written by a newer program (${found}; this one knows ${currentVersion}).`,
    hint: "Nothing was changed. Update hcom, or point HCOM_DIR to another directory.",
  });
}
