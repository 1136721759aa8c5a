// Small values by key: subscriptions, tips shown, claims, relay state. What a value means is the
// business of the verb that keeps it.
import type { Db } from "./db.ts";

export interface KvRow {
  key: string;
  value: string;
}

export function getKv(db: Db, key: string): string | undefined {
  return (
    db.get<{ value: string | null }>("SELECT value FROM kv WHERE key = ?", key)?.value ?? undefined
  );
}

export function setKv(db: Db, key: string, value: string): void {
  db.run(
    `INSERT INTO kv (key, value) VALUES (?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    key,
    value,
  );
}

export function deleteKv(db: Db, key: string): boolean {
  return db.run("DELETE FROM kv WHERE key = ?", key).changes > 0;
}

/** Sets the key only when nobody has it yet; true for the one caller who got it. */
export function claimKv(db: Db, key: string, value: string): boolean {
  return db.run("INSERT OR IGNORE INTO kv (key, value) VALUES (?, ?)", key, value).changes > 0;
}

/** Keys that start with exactly this text, in key order. */
export function kvByPrefix(db: Db, prefix: string): KvRow[] {
  // A range and not LIKE: no character of the prefix is special, and the key index is used.
  return db.all<KvRow>(
    "SELECT key, coalesce(value, '') AS value FROM kv WHERE key >= ? AND key < ? ORDER BY key",
    prefix,
    `${prefix}\u{10ffff}`,
  );
}
