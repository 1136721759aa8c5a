// Rows of `instances`: one per live participant. Times are epoch seconds. Events that belong to
// a change are appended by the verb in the same transaction, not here.
import type { Instance } from "../core/instance.ts";
import type { Db, Param } from "./db.ts";

export type NewInstance = Pick<Instance, "name" | "created_at"> & Partial<Instance>;

/** What identifies one life of a name: a later holder of the same name differs in one of these. */
export type Incarnation = Pick<Instance, "name" | "created_at" | "session_id" | "agent_id">;

const columns: ReadonlySet<string> = new Set([
  "name",
  "session_id",
  "parent_session_id",
  "parent_name",
  "tag",
  "last_event_id",
  "status",
  "status_time",
  "last_seen",
  "status_context",
  "status_detail",
  "last_stop",
  "directory",
  "created_at",
  "transcript_path",
  "tcp_mode",
  "wait_timeout",
  "background",
  "background_log_file",
  "name_announced",
  "agent_id",
  "running_tasks",
  "origin_device_id",
  "hints",
  "subagent_timeout",
  "tool",
  "launch_args",
  "terminal_preset_requested",
  "terminal_preset_effective",
  "idle_since",
  "pid",
  "launch_context",
  "principal",
] satisfies (keyof Instance)[]);

/** Unique columns in which the empty text would be a value that only one row may have. */
const emptyIsNull: ReadonlySet<string> = new Set(["session_id", "agent_id", "parent_session_id"]);

/** A plain INSERT: a taken name, session or agent id throws (see `isConstraint`). */
export function insertInstance(db: Db, row: NewInstance): void {
  const { names, values } = fieldsOf(row);
  const marks = names.map(() => "?").join(", ");
  db.run(`INSERT INTO instances (${names.join(", ")}) VALUES (${marks})`, ...values);
}

export function getInstance(db: Db, name: string): Instance | undefined {
  return db.get<Instance>("SELECT * FROM instances WHERE name = ?", name);
}

/** Newest first. */
export function listInstances(db: Db): Instance[] {
  return db.all<Instance>("SELECT * FROM instances ORDER BY created_at DESC, name");
}

/** false when there is no such row. An unknown key is a bug and throws. */
export function updateInstance(
  db: Db,
  name: string,
  patch: Partial<Omit<Instance, "name">>,
): boolean {
  const { names, values } = fieldsOf(patch);
  if (names.length === 0) return getInstance(db, name) !== undefined;
  const sets = names.map((column) => `${column} = ?`).join(", ");
  return db.run(`UPDATE instances SET ${sets} WHERE name = ?`, ...values, name).changes > 0;
}

function fieldsOf(patch: Partial<Instance>): { names: string[]; values: Param[] } {
  const names: string[] = [];
  const values: Param[] = [];
  for (const [name, value] of Object.entries(patch)) {
    if (!columns.has(name)) throw new Error(`instances has no column ${name}`);
    if (value === undefined) continue;
    names.push(name);
    values.push(value === "" && emptyIsNull.has(name) ? null : value);
  }
  return { names, values };
}

export function instanceBySession(db: Db, session: string): Instance | undefined {
  return db.get<Instance>("SELECT * FROM instances WHERE session_id = ?", session);
}

export function instanceByPrincipal(db: Db, principal: string): Instance | undefined {
  return db.get<Instance>("SELECT * FROM instances WHERE principal = ?", principal);
}

export function instanceByAgent(db: Db, agentId: string): Instance | undefined {
  return db.get<Instance>("SELECT * FROM instances WHERE agent_id = ?", agentId);
}

export function hasChildren(db: Db, parent: { name: string; session: string }): boolean {
  return (
    db.get(
      "SELECT 1 FROM instances WHERE parent_session_id = ? OR parent_name = ? LIMIT 1",
      parent.session,
      parent.name,
    ) !== undefined
  );
}

/** Subagents, by their parent's session first and then by its name; oldest first. */
export function childrenOf(db: Db, parent: { name: string; session: string | null }): Instance[] {
  return db.all<Instance>(
    `SELECT * FROM instances WHERE parent_session_id = ?1 OR parent_name = ?2
     ORDER BY parent_session_id IS ?1 DESC, created_at, name`,
    parent.session,
    parent.name,
  );
}

/**
 * Removes exactly this life of the name with what hangs on it, or nothing: false means somebody
 * else was first. Thread memberships (`delivery_only`) stay for a resume.
 */
export function deleteIncarnation(db: Db, life: Incarnation): boolean {
  return db.write(() => {
    const { changes } = db.run(
      `DELETE FROM instances
       WHERE name = ? AND created_at = ? AND session_id IS ? AND agent_id IS ?`,
      life.name,
      life.created_at,
      life.session_id,
      life.agent_id,
    );
    if (changes === 0) return false;
    db.run("DELETE FROM session_bindings WHERE instance_name = ?", life.name);
    db.run("DELETE FROM process_bindings WHERE instance_name = ?", life.name);
    db.run("DELETE FROM notify_endpoints WHERE instance = ?", life.name);
    db.run(
      `DELETE FROM kv WHERE key >= 'events_sub:' AND key < 'events_sub;' AND json_valid(value)
         AND json_extract(value, '$.caller') = ?
         AND coalesce(json_extract(value, '$.delivery_only'), 0) = 0`,
      life.name,
    );
    return true;
  });
}

export function aliveNames(db: Db): string[] {
  return db.all<{ name: string }>("SELECT name FROM instances").map((row) => row.name);
}

/** Does a wrapper watch over anybody here? One that was killed counts until its row goes. */
export function hasWrapper(db: Db): boolean {
  return (
    db.get(
      `SELECT 1 FROM instances WHERE pid IS NOT NULL AND status <> 'inactive'
         AND json_valid(launch_context) AND json_extract(launch_context, '$.control_socket') <> ''
       LIMIT 1`,
    ) !== undefined
  );
}
