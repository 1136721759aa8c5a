// Loopback ports on which some process of an instance waits to be poked. `inject` is not one of
// them although it is kept here: it takes what it reads as keystrokes. Times are epoch seconds.
import type { Db } from "./db.ts";

export interface Endpoint {
  instance: string;
  /** `pty`, `hook`, `listen`, `listen_filter`, `events_wait`, `plugin`, or `inject`. */
  kind: string;
  port: number;
  updated_at: number;
}

export function upsertEndpoint(
  db: Db,
  endpoint: { instance: string; kind: string; port: number; now: number },
): void {
  db.run(
    `INSERT INTO notify_endpoints (instance, kind, port, updated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (instance, kind) DO UPDATE SET port = excluded.port,
       updated_at = excluded.updated_at`,
    endpoint.instance,
    endpoint.kind,
    endpoint.port,
    endpoint.now,
  );
}

export function endpointsOf(db: Db, name: string): Endpoint[] {
  return db.all<Endpoint>("SELECT * FROM notify_endpoints WHERE instance = ? ORDER BY kind", name);
}

/** What may be poked: every endpoint but `inject`, of these instances or of all. */
export function wakeEndpoints(db: Db, names?: string[]): Endpoint[] {
  return db.all<Endpoint>(
    `SELECT * FROM notify_endpoints WHERE kind <> 'inject'
       AND (?1 IS NULL OR instance IN (SELECT value FROM json_each(?1)))
     ORDER BY instance, kind`,
    names ? JSON.stringify(names) : null,
  );
}

export function deleteEndpoint(db: Db, instance: string, kind: string): boolean {
  return (
    db.run("DELETE FROM notify_endpoints WHERE instance = ? AND kind = ?", instance, kind).changes >
    0
  );
}

export function deleteEndpoints(db: Db, instance: string): number {
  return db.run("DELETE FROM notify_endpoints WHERE instance = ?", instance).changes;
}

/** Removes a port that refused, unless somebody registered anew in the meantime. */
export function pruneEndpoint(db: Db, endpoint: Endpoint): boolean {
  return (
    db.run(
      `DELETE FROM notify_endpoints
       WHERE instance = ? AND kind = ? AND port = ? AND updated_at = ?`,
      endpoint.instance,
      endpoint.kind,
      endpoint.port,
      endpoint.updated_at,
    ).changes > 0
  );
}

/** Per kind the one that moves wins; kinds that only the target has stay. */
export function moveEndpoints(db: Db, from: string, to: string): void {
  db.run("UPDATE OR REPLACE notify_endpoints SET instance = ? WHERE instance = ?", to, from);
}
