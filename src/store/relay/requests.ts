// Requests to other devices and our answers to theirs. Times are epoch seconds.
import type { Db } from "../db.ts";

export interface RequestRow {
  id: string;
  /** Short id of the device. */
  target: string;
  action: string;
  /** JSON. */
  params: string;
  created_at: number;
  published_at: number | null;
  answered_at: number | null;
  ok: number | null;
  /** JSON. */
  result: string | null;
}

export function addRequest(
  db: Db,
  request: Pick<RequestRow, "id" | "target" | "action" | "params" | "created_at">,
): void {
  db.run(
    "INSERT INTO relay_requests (id, target, action, params, created_at) VALUES (?, ?, ?, ?, ?)",
    request.id,
    request.target,
    request.action,
    request.params,
    request.created_at,
  );
}

export function getRequest(db: Db, id: string): RequestRow | undefined {
  return db.get<RequestRow>("SELECT * FROM relay_requests WHERE id = ?", id);
}

export function unpublishedRequests(db: Db): RequestRow[] {
  return db.all<RequestRow>(
    "SELECT * FROM relay_requests WHERE published_at IS NULL ORDER BY created_at, id LIMIT 50",
  );
}

export function noteRequestPublished(db: Db, id: string, now: number): void {
  db.run("UPDATE relay_requests SET published_at = ? WHERE id = ?", now, id);
}

/** False: nobody here waits for it, or it has its answer. */
export function answerRequest(
  db: Db,
  answer: { id: string; ok: boolean; result: string; now: number },
): boolean {
  const { changes } = db.run(
    `UPDATE relay_requests SET answered_at = ?, ok = ?, result = ?
     WHERE id = ? AND answered_at IS NULL`,
    answer.now,
    answer.ok ? 1 : 0,
    answer.result,
    answer.id,
  );
  return changes > 0;
}

export function removeRequest(db: Db, id: string): void {
  db.run("DELETE FROM relay_requests WHERE id = ?", id);
}

export function addAnswer(db: Db, answer: { eventId: number; result: string; now: number }): void {
  db.run(
    "INSERT INTO relay_answers (event_id, result, created_at) VALUES (?, ?, ?)",
    answer.eventId,
    answer.result,
    answer.now,
  );
}

/** Whoever asked has its answer by then, or has gone. */
export function dropOldTraffic(db: Db, before: number): void {
  db.run("DELETE FROM relay_answers WHERE created_at < ?", before);
  db.run("DELETE FROM relay_requests WHERE created_at < ?", before);
}
