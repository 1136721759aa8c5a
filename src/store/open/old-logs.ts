// What an archived log tells about itself, of whatever schema it is: only columns that all of them
// have are asked for, and the view that questions are put to is made anew where theirs is older.

import type { Db } from "../db.ts";
import base from "../migrations/0001-base.sql" with { type: "text" };
import { openArchive } from "./open-db.ts";

/** A log that nobody writes any more, read-only, with our view over its events. */
export function openOldLog(path: string): Db {
  const db = openArchive(path);
  try {
    const view = /CREATE VIEW events_v AS[\s\S]*?;/.exec(base)?.[0] ?? "";
    db.exec(view.replace("CREATE VIEW", "CREATE TEMP VIEW"));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

export interface OldLog {
  events: number;
  /** Everybody with a row or a life in it. */
  agents: number;
}

export function countOldLog(db: Db): OldLog {
  const row = db.get<OldLog>(
    `SELECT (SELECT count(*) FROM events) AS events,
       (SELECT count(*) FROM (SELECT name FROM instances UNION
          SELECT instance FROM events WHERE type = 'life' AND instance <> '_device')) AS agents`,
  );
  return row ?? { events: 0, agents: 0 };
}

export interface OldAgent {
  name: string;
  tool: string;
  status: string;
  directory: string;
  transcript_path: string;
}

/** Those that were there, and those that had stopped: a reset stops everybody first. */
export function agentsOfOldLog(db: Db): OldAgent[] {
  return db.all<OldAgent>(
    `SELECT name, coalesce(tool, '') AS tool, coalesce(status, '') AS status,
       coalesce(directory, '') AS directory, coalesce(transcript_path, '') AS transcript_path
     FROM instances
     UNION ALL
     SELECT instance, coalesce(json_extract(data, '$.snapshot.tool'), ''), 'stopped',
       coalesce(json_extract(data, '$.snapshot.directory'), ''),
       coalesce(json_extract(data, '$.snapshot.transcript_path'), '')
     FROM events WHERE id IN (
       SELECT max(id) FROM events WHERE type = 'life' AND json_valid(data)
         AND json_extract(data, '$.action') = 'stopped' GROUP BY instance)
       AND instance NOT IN (SELECT name FROM instances)
     ORDER BY 1`,
  );
}
