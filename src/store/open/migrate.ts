// Our version line: the list of migrations and how they are applied. A database is only ever
// taken forward, and always in one transaction with its version number.
import { Refusal } from "../../core/refusal.ts";
import type { Db } from "../db.ts";
import base from "../migrations/0001-base.sql" with { type: "text" };
import channels from "../migrations/0002-channels.sql" with { type: "text" };
import endings from "../migrations/0003-channel-endings.sql" with { type: "text" };
import relay from "../migrations/0004-relay.sql" with { type: "text" };
import broadcasts from "../migrations/0005-broadcasts.sql" with { type: "text" };
import shared from "../migrations/0006-shared-channels.sql" with { type: "text" };
import { applicationId, currentVersion } from "./version.ts";

interface Migration {
  /** `user_version` afterwards. Ours start at 100: 14 and 18 are other programs' schemas. */
  version: number;
  sql: string;
}

export const migrations: readonly Migration[] = [
  { version: 100, sql: base },
  { version: 101, sql: channels },
  { version: 102, sql: endings },
  { version: 103, sql: relay },
  { version: 104, sql: broadcasts },
  { version: 105, sql: shared },
];

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
