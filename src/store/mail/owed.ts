// Requests whose answer is still owed: rows of `kv`, by who owes it, so that a sender finds its own
// with one look. They are written with the request and go with the answer.
import { asNumber, asObject, asText, parseJson } from "../../core/json.ts";
import type { Db } from "../db.ts";
import { deleteKv, setKv } from "../kv.ts";

const prefix = "owed:";

export interface Owed {
  /** Base name, or `bigboss`. */
  by: string;
  to: string;
  /** Event id. */
  request: number;
  /** Epoch seconds. */
  since: number;
}

export function noteOwed(db: Db, { by, to, request, since }: Owed): void {
  setKv(db, keyOf(by, request), JSON.stringify({ to, since }));
}

export function settleOwed(db: Db, { by, request }: Pick<Owed, "by" | "request">): void {
  deleteKv(db, keyOf(by, request));
}

/** What one owes, or all; the oldest first. */
export function owedBy(db: Db, by?: string): Owed[] {
  const from = by === undefined ? prefix : `${prefix}${by}:`;
  const rows = db.all<{ key: string; value: string }>(
    "SELECT key, value FROM kv WHERE key >= ? AND key < ?",
    from,
    `${from.slice(0, -1)};`,
  );
  return rows.flatMap(readOwed).sort((one, other) => one.request - other.request);
}

/** Nobody waits that long any more. */
export function forgetOwedBefore(db: Db, since: number): void {
  db.run(
    `DELETE FROM kv WHERE key >= 'owed:' AND key < 'owed;'
       AND (NOT json_valid(value) OR json_extract(value, '$.since') < ?)`,
    since,
  );
}

/** A new holder of a name owes nothing, and is owed nothing. */
export function forgetOwedOf(db: Db, name: string): void {
  db.run(
    `DELETE FROM kv WHERE key >= 'owed:' AND key < 'owed;'
       AND (substr(key, 6, length(?1) + 1) = ?1 || ':'
         OR json_valid(value) AND json_extract(value, '$.to') = ?1)`,
    name,
  );
}

function keyOf(by: string, request: number): string {
  return `${prefix}${by}:${request}`;
}

function readOwed({ key, value }: { key: string; value: string }): Owed[] {
  const split = key.lastIndexOf(":");
  const { to, since } = asObject(parseJson(value));
  const [asker, from] = [asText(to), asNumber(since)];
  if (asker === undefined || from === undefined) return [];
  const by = key.slice(prefix.length, split);
  return [{ by, to: asker, request: Number(key.slice(split + 1)), since: from }];
}
