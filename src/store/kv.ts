// Small values by key: subscriptions, tips shown, claims, relay state. What a value means is the
// business of the verb that keeps it.
import type { Db } from "./db.ts";

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

export function deleteKv(db: Db, key: string): void {
  db.run("DELETE FROM kv WHERE key = ?", key);
}

/** Is there any key in `[from, to)`? */
export function hasKeyIn(db: Db, from: string, to: string): boolean {
  return db.get("SELECT 1 FROM kv WHERE key >= ? AND key < ? LIMIT 1", from, to) !== undefined;
}
