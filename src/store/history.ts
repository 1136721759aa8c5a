// Looks back into the log that lists need: what somebody sent, and who stopped.
import type { EventRow } from "../core/event.ts";
import { human } from "../core/instance.ts";
import type { Db } from "./db.ts";
import { eventColumns, realStop } from "./events.ts";

/** Newest first. */
export function sentMessages(db: Db, name: string, limit: number): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events WHERE type = 'message' AND instance = ?
     ORDER BY id DESC LIMIT ?`,
    name,
    limit,
  );
}

/** Of these the newest that somebody has not been handed yet. */
export function openSentMessages(db: Db, name: string, limit: number): EventRow[] {
  const columns = eventColumns.split(",").map((column) => `events.${column.trim()}`);
  return db.all<EventRow>(
    `SELECT ${columns.join(", ")} FROM events WHERE type = 'message' AND instance = ?
       AND EXISTS (SELECT 1 FROM deliveries WHERE message_id = events.id
         AND state IN ('stored', 'offered'))
     ORDER BY id DESC LIMIT ?`,
    name,
    limit,
  );
}

/** Real stops, newest first; placeholders that nobody used are none. */
export function stopEvents(
  db: Db,
  wanted: { name?: string | undefined; limit: number },
): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events
     WHERE ${realStop} AND (?1 IS NULL OR instance = ?1)
     ORDER BY id DESC LIMIT ?2`,
    wanted.name ?? null,
    wanted.limit,
  );
}

/** Did anybody of that name ever do something, or send something from outside? */
export function isInLog(db: Db, name: string): boolean {
  const names = [name, `ext_${name}`, `sys_${name}`];
  return (
    name === human ||
    db.get("SELECT 1 FROM events WHERE instance IN (?, ?, ?) LIMIT 1", ...names) !== undefined
  );
}

export function countStops(db: Db, name: string | undefined): number {
  const row = db.get<{ n: number }>(
    `SELECT count(*) AS n FROM events WHERE ${realStop} AND (?1 IS NULL OR instance = ?1)`,
    name ?? null,
  );
  return row?.n ?? 0;
}

/** Epoch seconds of the newest heartbeat of any instance; 0 when there was none. */
export function newestHeartbeat(db: Db): number {
  return db.get<{ beat: number | null }>("SELECT MAX(last_stop) AS beat FROM instances")?.beat ?? 0;
}

/** The newest status of an instance that one of these has written; 0 when there is none. */
export function newestStatusBy(db: Db, name: string, writers: readonly string[]): number {
  const row = db.get<{ id: number }>(
    `SELECT id FROM events WHERE type = 'status' AND instance = ?
       AND json_extract(data, '$.writer') IN (SELECT value FROM json_each(?))
     ORDER BY id DESC LIMIT 1`,
    name,
    JSON.stringify(writers),
  );
  return row?.id ?? 0;
}

/** The newest statuses of an instance, newest first. */
export function newestStatuses(db: Db, name: string, limit: number): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events WHERE type = 'status' AND instance = ?
     ORDER BY id DESC LIMIT ?`,
    name,
    limit,
  );
}

/** Launches that never became a session, newest first. */
export function failedLaunches(
  db: Db,
  { since, limit }: { since: string; limit: number },
): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events
     WHERE json_extract(data, '$.action') = 'launch_failed' AND type = 'life' AND timestamp >= ?
     ORDER BY id DESC LIMIT ?`,
    since,
    limit,
  );
}

/** The launch of a batch and the outcomes of its members, oldest first. */
export function stepsOfBatch(db: Db, batchId: string): EventRow[] {
  return db.all<EventRow>(
    `SELECT ${eventColumns} FROM events
     WHERE json_extract(data, '$.action')
         IN ('batch_launched', 'ready', 'launch_failed', 'launch_blocked')
       AND type = 'life' AND json_extract(data, '$.batch_id') = ?
     ORDER BY id`,
    batchId,
  );
}

/** The newest one whose id begins so. */
export function newestBatch(db: Db, prefix: string): string | undefined {
  const row = db.get<{ id: string }>(
    `SELECT json_extract(data, '$.batch_id') AS id FROM events
     WHERE type = 'life' AND json_extract(data, '$.action') = 'batch_launched'
       AND substr(json_extract(data, '$.batch_id'), 1, length(?1)) = ?1
     ORDER BY id DESC LIMIT 1`,
    prefix,
  );
  return row?.id;
}

/** Made by somebody who only looked: nothing was ever said, done or asked for in it. */
export function isBlank(db: Db): boolean {
  const some = ["events", "instances", "comm_space", "kv WHERE key LIKE 'events_sub:%'"];
  const found = some.map((table) => `EXISTS (SELECT 1 FROM ${table})`).join(" OR ");
  return db.get<{ found: number }>(`SELECT ${found} AS found`)?.found === 0;
}

/** What a log holds, in numbers. */
export interface Summary {
  events: number;
  messages: number;
  /** Agents with a row. */
  agents: number;
  /** Names in the log that have none any more. */
  stopped: number;
  threads: number;
}

export function importSummary(db: Db): Summary {
  const count = (sql: string) => db.get<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)?.n ?? 0;
  return {
    events: count("events"),
    messages: count("events WHERE type = 'message'"),
    agents: count("instances"),
    stopped: count(
      `(SELECT DISTINCT instance FROM events WHERE type = 'life'
         AND json_extract(data, '$.action') = 'stopped'
         AND instance NOT IN (SELECT name FROM instances))`,
    ),
    threads: count(
      `(SELECT DISTINCT json_extract(data, '$.thread') AS thread FROM events
         WHERE type = 'message' AND json_extract(data, '$.thread') IS NOT NULL)`,
    ),
  };
}
