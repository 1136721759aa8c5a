// Which instance a process id token or a tool session belongs to. A session binding also proves
// that hooks were seen for it, a process binding that a wrapper runs it. Times are epoch seconds.
import type { Db } from "./db.ts";

export interface ProcessBinding {
  process_id: string;
  session_id: string | null;
  instance_name: string;
  updated_at: number;
}

export interface NewSessionBinding {
  session: string;
  name: string;
  now: number;
}

export function processBinding(db: Db, processId: string): ProcessBinding | undefined {
  return db.get<ProcessBinding>(
    "SELECT * FROM process_bindings WHERE process_id = ? AND instance_name IS NOT NULL",
    processId,
  );
}

export function setProcessBinding(
  db: Db,
  binding: { processId: string; session: string | null; name: string; now: number },
): void {
  db.run(
    `INSERT INTO process_bindings (process_id, session_id, instance_name, updated_at)
     VALUES (?, ?, ?, ?)
     ON CONFLICT (process_id) DO UPDATE SET session_id = excluded.session_id,
       instance_name = excluded.instance_name, updated_at = excluded.updated_at`,
    binding.processId,
    binding.session || null,
    binding.name,
    binding.now,
  );
}

export function deleteProcessBinding(db: Db, processId: string): boolean {
  return db.run("DELETE FROM process_bindings WHERE process_id = ?", processId).changes > 0;
}

/** The newest process of that instance. */
export function processBindingOf(db: Db, name: string): ProcessBinding | undefined {
  return db.get<ProcessBinding>(
    "SELECT * FROM process_bindings WHERE instance_name = ? ORDER BY updated_at DESC LIMIT 1",
    name,
  );
}

export function hasProcessBinding(db: Db, name: string): boolean {
  return processBindingOf(db, name) !== undefined;
}

/** The instance name a session is bound to. */
export function sessionBinding(db: Db, session: string): string | undefined {
  return db.get<{ instance_name: string }>(
    "SELECT instance_name FROM session_bindings WHERE session_id = ?",
    session,
  )?.instance_name;
}

/** false when the session belongs to another existing name, or `name` has no row. */
export function setSessionBinding(db: Db, binding: NewSessionBinding): boolean {
  return bindSession(
    db,
    binding,
    `WHERE session_bindings.instance_name = excluded.instance_name
       OR NOT EXISTS (SELECT 1 FROM instances WHERE name = session_bindings.instance_name)`,
  );
}

/** Moves the session to `name` whoever had it; false when `name` has no row. */
export function rebindSession(db: Db, binding: NewSessionBinding): boolean {
  return bindSession(db, binding, "");
}

function bindSession(db: Db, binding: NewSessionBinding, condition: string): boolean {
  const { changes } = db.run(
    `INSERT INTO session_bindings (session_id, instance_name, created_at)
     SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM instances WHERE name = ?2)
     ON CONFLICT (session_id) DO UPDATE SET instance_name = excluded.instance_name ${condition}`,
    binding.session,
    binding.name,
    binding.now,
  );
  return changes > 0;
}

export function deleteSessionBindings(db: Db, name: string): number {
  return db.run("DELETE FROM session_bindings WHERE instance_name = ?", name).changes;
}

export function hasSessionBinding(db: Db, name: string): boolean {
  const row = db.get("SELECT 1 FROM session_bindings WHERE instance_name = ? LIMIT 1", name);
  return row !== undefined;
}

export function boundSessions(db: Db): string[] {
  const rows = db.all<{ session_id: string }>("SELECT session_id FROM session_bindings");
  return rows.map((row) => row.session_id);
}

/** Everybody who has one. */
export function sessionNames(db: Db): Set<string> {
  return namesIn(db, "SELECT DISTINCT instance_name AS name FROM session_bindings");
}

/** Everybody who has one. */
export function processNames(db: Db): Set<string> {
  return namesIn(db, "SELECT DISTINCT instance_name AS name FROM process_bindings");
}

function namesIn(db: Db, sql: string): Set<string> {
  return new Set(db.all<{ name: string }>(sql).map((row) => row.name));
}
