// Taking over a database of another hcom generation (schemas 14 to 20): it is copied to the
// archive first and then rebuilt under our schema in one transaction. Nothing is interpreted
// here; rows keep their ids, names and cursors.
import { Refusal } from "../../core/refusal.ts";
import { copyToArchive } from "../archive.ts";
import type { Db } from "../db.ts";
import { isConstraint } from "../errors.ts";
import { removeFolder } from "./files.ts";
import { migrate } from "./migrate.ts";
import type { OpenOptions } from "./options.ts";
import { currentVersion, type Stamp, stampOf } from "./version.ts";

/** Schemas of those programs that have all that we keep; 20 is 18 with one more trigger. */
export const importable = { oldest: 14, newest: 20 } as const;

/** In the order in which foreign keys want them. */
const kept = [
  "events",
  "instances",
  "process_bindings",
  "session_bindings",
  "notify_endpoints",
  "kv",
] as const;

export function looksLikeHcom(tables: string[]): boolean {
  return kept.every((name) => tables.includes(name));
}

export function isImportable(stamp: Stamp, tables: string[]): boolean {
  return stamp.application_id === 0 && isKnown(stamp.user_version) && looksLikeHcom(tables);
}

function isKnown(version: number): boolean {
  return version >= importable.oldest && version <= importable.newest;
}

export function importForeign(db: Db, options: OpenOptions): void {
  let archive: string | undefined;
  const keep = () => {
    archive = copyToArchive(db, options.now?.() ?? databaseClock(db));
    return archive;
  };
  // References and views would follow the renamed tables; works only outside a transaction.
  db.exec("PRAGMA foreign_keys=OFF; PRAGMA legacy_alter_table=ON");
  try {
    db.write(() => importLocked(db, options, keep));
  } catch (error) {
    // The original is as it was, and each further call would leave another copy.
    if (archive !== undefined) removeFolder(archive);
    throw isConstraint(error) ? contradictory(db.path, error) : error;
  } finally {
    db.exec("PRAGMA foreign_keys=ON; PRAGMA legacy_alter_table=OFF");
  }
}

function contradictory(path: string, reason: unknown): Refusal {
  return new Refusal({
    code: "foreign_database",
    message: `${path} cannot be taken over: its rows contradict each other (${reason}).`,
    hint: "Nothing was changed. Point HCOM_DIR to another directory, or repair it with sqlite3.",
  });
}

function importLocked(db: Db, options: OpenOptions, keep: () => string): void {
  const from = stampOf(db).user_version;
  // Another process imported it while we waited for the lock.
  if (!isKnown(from)) return;
  const archive = keep();
  setAside(db);
  migrate(db, 0);
  for (const table of kept) copyRows(db, table);
  keepSequence(db);
  createPrincipals(db);
  noteTakeover(db, from, archive);
  for (const table of kept) db.exec(`DROP TABLE import_${table}`);
  options.log?.({
    level: "info",
    subsystem: "store",
    event: "imported",
    from,
    to: currentVersion,
    path: db.path,
    archive,
  });
}

/** Renames the tables we keep and drops what our schema makes anew; tables of a user stay. */
function setAside(db: Db): void {
  const names = kept.map((name) => `'${name}'`).join(", ");
  const inTheWay = db.all<{ type: string; name: string }>(
    `SELECT type, name FROM sqlite_schema
     WHERE (type IN ('trigger', 'index') AND sql IS NOT NULL AND tbl_name IN (${names}))
        OR name IN ('events_v', 'events_fts', 'claude_actor_capabilities')`,
  );
  for (const { type, name } of inTheWay) db.exec(`DROP ${type} ${quoted(name)}`);
  for (const name of kept) db.exec(`ALTER TABLE ${name} RENAME TO import_${name}`);
}

function copyRows(db: Db, table: string): void {
  const theirs = new Set(columnsOf(db, `import_${table}`).map((column) => column.name));
  const columns = columnsOf(db, table);
  const values = columns.map(({ name, dflt_value }) => {
    const derived = derivedValue(table, name, theirs);
    if (derived !== undefined) return derived;
    if (!theirs.has(name)) return dflt_value ?? "NULL";
    return dflt_value === null ? quoted(name) : `coalesce(${quoted(name)}, ${dflt_value})`;
  });
  const names = columns.map((column) => quoted(column.name)).join(", ");
  const order = table === "events" ? "ORDER BY id" : "";
  db.exec(
    `INSERT INTO ${table} (${names}) SELECT ${values.join(", ")} FROM import_${table} ${order}`,
  );
}

/** Columns whose old value is missing or needs a word; undefined means "as it is". */
function derivedValue(table: string, column: string, theirs: Set<string>): string | undefined {
  if (table === "events" && column === "data") {
    // Our indexes read the JSON, so a row that is none would stop the whole import.
    return "CASE WHEN json_valid(data) THEN data ELSE json_object('unreadable', data) END";
  }
  if (table !== "instances" || theirs.has(column)) return undefined;
  if (column === "last_seen") return "coalesce(status_time, 0)";
  if (column.startsWith("terminal_preset_") && theirs.has("launch_context")) {
    return `CASE WHEN json_valid(launch_context) THEN coalesce(
      json_extract(launch_context, '$.terminal_preset_effective'),
      json_extract(launch_context, '$.terminal_preset'), '') ELSE '' END`;
  }
  return undefined;
}

function columnsOf(db: Db, table: string): { name: string; dflt_value: string | null }[] {
  return db.all(`SELECT name, dflt_value FROM pragma_table_info(?)`, table);
}

/** Ids of deleted events stay used. */
function keepSequence(db: Db): void {
  db.run(
    `UPDATE sqlite_sequence SET seq = max(seq, coalesce(
       (SELECT seq FROM sqlite_sequence WHERE name = 'import_events'), 0)) WHERE name = 'events'`,
  );
  db.run(
    `INSERT INTO sqlite_sequence (name, seq) SELECT 'events', seq FROM sqlite_sequence
     WHERE name = 'import_events'
       AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'events')`,
  );
}

function createPrincipals(db: Db): void {
  db.exec(`
    UPDATE instances SET principal = lower(hex(randomblob(16)));
    INSERT INTO principal (id, name, tool, created_at)
      SELECT principal, name, tool, created_at FROM instances;
  `);
}

/** Where the copy is, and who had a process then: that may go on writing in the old form. */
function noteTakeover(db: Db, from: number, archive: string): void {
  db.run(
    `INSERT OR REPLACE INTO kv (key, value) SELECT 'taken_over', json_object(
       'schema', ?, 'archive', ?, 'running', json_group_array(json_object('name', name, 'pid', pid,
         'begun', created_at, 'seen', max(coalesce(status_time, 0), coalesce(last_stop, 0)))))
     FROM instances WHERE pid IS NOT NULL AND status <> 'inactive'`,
    from,
    archive,
  );
}

function databaseClock(db: Db): number {
  return (db.get<{ now: number }>("SELECT unixepoch('subsec') AS now")?.now ?? 0) * 1000;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
