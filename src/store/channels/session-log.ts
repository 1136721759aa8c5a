// What was asked through the sessions of a door, and what the askers said about why. Only the
// newest rows are kept. Times are texts, as the door prints them.
import type { Db } from "../db.ts";

export interface LoggedCall {
  session: string;
  /** Which store it worked on. */
  store: string;
  tool: string;
  at: string;
  relatedKind: string | null;
  relatedId: number | null;
  ok: boolean;
  error: string | null;
}

export interface ContextEntry {
  session: string;
  store: string;
  at: string;
  intent: string;
  observation: string | null;
  relatedMessageId: number | null;
  topic: string | null;
}

export interface LogQuery {
  session?: string | undefined;
  failuresOnly?: boolean | undefined;
  /** The newest so many; all, when it is not given. */
  last?: number | undefined;
}

const mostRows = 100_000;

export function insertOperation(db: Db, operation: LoggedCall): void {
  const { id } = db.run(
    `INSERT INTO comm_oplog (session, store, tool, at, related_kind, related_id, ok, error)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    operation.session,
    operation.store,
    operation.tool,
    operation.at,
    operation.relatedKind,
    operation.relatedId,
    operation.ok ? 1 : 0,
    operation.error,
  );
  db.run("DELETE FROM comm_oplog WHERE id <= ?", id - mostRows);
}

/** Oldest first. */
export function operations(db: Db, query: LogQuery): LoggedCall[] {
  const rows = db.all<Omit<LoggedCall, "ok"> & { ok: number }>(
    `SELECT session, store, tool, at, related_kind AS relatedKind, related_id AS relatedId, ok,
       error
     FROM comm_oplog WHERE session = coalesce(?, session) AND ok <= ?
     ORDER BY id DESC LIMIT ?`,
    query.session ?? null,
    query.failuresOnly ? 0 : 1,
    query.last ?? -1,
  );
  return rows.reverse().map((row) => ({ ...row, ok: row.ok === 1 }));
}

export function insertContext(db: Db, entry: ContextEntry): void {
  const { id } = db.run(
    `INSERT INTO comm_context (session, store, at, intent, observation, related_message_id, topic)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    entry.session,
    entry.store,
    entry.at,
    entry.intent,
    entry.observation,
    entry.relatedMessageId,
    entry.topic,
  );
  db.run("DELETE FROM comm_context WHERE id <= ?", id - mostRows);
}

/** Oldest first. */
export function contexts(db: Db, query: LogQuery): ContextEntry[] {
  const rows = db.all<ContextEntry>(
    `SELECT session, store, at, intent, observation, related_message_id AS relatedMessageId, topic
     FROM comm_context WHERE session = coalesce(?, session) ORDER BY id DESC LIMIT ?`,
    query.session ?? null,
    query.last ?? -1,
  );
  return rows.reverse().map((row) => ({ ...row }));
}
