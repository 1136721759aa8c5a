// Spaces: each numbers its channels, messages and subscriptions on its own. `main` is where agents
// meet; others hold what came out of documents.
import type { Counters, Extension, Form } from "../../core/channels/snapshot.ts";
import type { Db } from "../db.ts";

export function findSpace(db: Db, key: string): number | undefined {
  return db.get<{ id: number }>("SELECT id FROM comm_space WHERE key = ?", key)?.id;
}

export function ensureSpace(db: Db, key: string): number {
  return findSpace(db, key) ?? db.run("INSERT INTO comm_space (key) VALUES (?)", key).id;
}

/** Takes that many ids, which nobody gets again; returns the first. */
export function takeIds(db: Db, space: number, kind: keyof Counters, count: number): number {
  const column = `next_${kind}`;
  const row = db.get<{ first: number }>(
    `UPDATE comm_space SET ${column} = ${column} + ?1 WHERE id = ?2
     RETURNING ${column} - ?1 AS first`,
    count,
    space,
  );
  if (row === undefined) throw new Error(`no space ${space}`);
  return row.first;
}

/** The next id of each kind. */
export function countersOf(db: Db, space: number): Counters {
  const row = db.get<Counters>(
    `SELECT next_channel AS channel, next_message AS message, next_subscription AS subscription
     FROM comm_space WHERE id = ?`,
    space,
  );
  return row === undefined ? { channel: 1, message: 1, subscription: 1 } : { ...row };
}

/** At least these. */
export function raiseCounters(db: Db, space: number, next: Counters): void {
  db.run(
    `UPDATE comm_space SET next_channel = max(next_channel, ?),
       next_message = max(next_message, ?), next_subscription = max(next_subscription, ?)
     WHERE id = ?`,
    next.channel,
    next.message,
    next.subscription,
    space,
  );
}

/** Nothing is in it: what comes first may keep its ids and its order. */
export function isEmptySpace(db: Db, space: number): boolean {
  const row = db.get(
    `SELECT 1 FROM comm_space AS s WHERE s.id = ?
       AND NOT EXISTS (SELECT 1 FROM comm_channel WHERE space = s.id)
       AND NOT EXISTS (SELECT 1 FROM comm_message WHERE space = s.id)
       AND NOT EXISTS (SELECT 1 FROM comm_subscription WHERE space = s.id)`,
    space,
  );
  return row !== undefined;
}

/** What a document is besides its records. */
export interface Frame {
  form?: Form | undefined;
  rest?: Extension | undefined;
}

export function frameOf(db: Db, space: number): Frame {
  const row = db.get<{ form: string | null; rest: string | null }>(
    "SELECT form, rest FROM comm_space WHERE id = ?",
    space,
  );
  const frame: Frame = {};
  if (row?.form) frame.form = JSON.parse(row.form) as Form;
  if (row?.rest) frame.rest = JSON.parse(row.rest) as Extension;
  return frame;
}

export function setFrame(db: Db, space: number, frame: Frame): void {
  db.run(
    "UPDATE comm_space SET form = ?, rest = ? WHERE id = ?",
    jsonOrNull(frame.form),
    jsonOrNull(frame.rest),
    space,
  );
}

/** Remembers an import, with what of it found no place. The last one from an origin counts. */
export function recordOrigin(
  db: Db,
  entry: { space: number; origin: string; importedAt: string; form: Form; rest?: Extension },
): void {
  db.run(
    `INSERT INTO comm_origin (space, origin, imported_at, form, rest) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (space, origin) DO UPDATE SET imported_at = excluded.imported_at,
       form = excluded.form, rest = coalesce(excluded.rest, rest)`,
    entry.space,
    entry.origin,
    entry.importedAt,
    JSON.stringify(entry.form),
    jsonOrNull(entry.rest),
  );
}

export function originsOf(
  db: Db,
  space: number,
): { origin: string; importedAt: string; form: Form; rest?: Extension }[] {
  const rows = db.all<{ origin: string; imported_at: string; form: string; rest: string | null }>(
    "SELECT origin, imported_at, form, rest FROM comm_origin WHERE space = ? ORDER BY imported_at",
    space,
  );
  return rows.map((row) => ({
    origin: row.origin,
    importedAt: row.imported_at,
    form: JSON.parse(row.form) as Form,
    ...(row.rest === null ? {} : { rest: JSON.parse(row.rest) as Extension }),
  }));
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
