// What says whose a SQLite file is, and of which version: the one look that every open takes.
import type { Db } from "../db.ts";

/** "hcom" in ASCII, in the header field that says whose SQLite file it is. */
export const applicationId = 0x68636f6d;

/** `user_version` after the last of the migrations. */
export const currentVersion = 105;

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
