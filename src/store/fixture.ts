// Databases for the tests of this folder: temporary ones of ours, and small ones as other
// generations of hcom wrote them. Only tests import this.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { type Db, openDb } from "./db.ts";
import { appendEvent, isoTime } from "./events.ts";

/** A folder that is removed with `using`. */
export function temporaryFolder(): { path: string } & Disposable {
  const path = mkdtempSync(`${tmpdir()}/hcom-store-`);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** An open, empty database of ours that is closed and removed with `using`. */
export function temporaryDb(): { db: Db } & Disposable {
  const folder = temporaryFolder();
  const db = openDb(`${folder.path}/hcom.db`);
  return {
    db,
    [Symbol.dispose]: () => {
      db.close();
      folder[Symbol.dispose]();
    },
  };
}

export function addMessage(db: Db, data: Record<string, unknown>, ms = 1_790_000_000_000): number {
  return appendEvent(db, {
    type: "message",
    instance: String(data["from"]),
    timestamp: isoTime(ms),
    data: { sender_kind: "instance", scope: "broadcast", text: "hi", delivered_to: [], ...data },
  });
}

export function addStatus(db: Db, name: string, data: Record<string, unknown>): number {
  return appendEvent(db, {
    type: "status",
    instance: name,
    timestamp: isoTime(1_790_000_000_000),
    data: { status: "active", context: "", position: 0, ...data },
  });
}

export function addLife(db: Db, name: string, data: Record<string, unknown>, ms?: number): number {
  return appendEvent(db, {
    type: "life",
    instance: name,
    timestamp: isoTime(ms ?? 1_790_000_000_000),
    data,
  });
}

const common = `
  CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL,
    type TEXT NOT NULL, instance TEXT NOT NULL, data TEXT NOT NULL);
  CREATE INDEX idx_timestamp ON events(timestamp);
  CREATE INDEX idx_type ON events(type);
  CREATE INDEX idx_instance ON events(instance);
  CREATE INDEX idx_type_instance ON events(type, instance);
  CREATE TABLE process_bindings (process_id TEXT PRIMARY KEY, session_id TEXT,
    instance_name TEXT, updated_at REAL NOT NULL);
  CREATE TABLE session_bindings (session_id TEXT PRIMARY KEY, instance_name TEXT NOT NULL,
    created_at REAL NOT NULL,
    FOREIGN KEY (instance_name) REFERENCES instances(name) ON DELETE CASCADE);
  CREATE INDEX idx_session_bindings_instance ON session_bindings(instance_name);
  CREATE TABLE notify_endpoints (instance TEXT NOT NULL, kind TEXT NOT NULL,
    port INTEGER NOT NULL, updated_at REAL NOT NULL, PRIMARY KEY (instance, kind));
  CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT);
  CREATE VIRTUAL TABLE events_fts USING fts5(searchable, tokenize = 'unicode61');
  CREATE TRIGGER events_fts_insert AFTER INSERT ON events BEGIN
    INSERT INTO events_fts(rowid, searchable) VALUES (new.id,
      coalesce(json_extract(new.data, '$.text'), '') || ' ' || new.instance);
  END;
  CREATE VIEW events_v AS SELECT id, timestamp, type, instance, data,
    json_extract(data, '$.from') AS msg_from FROM events;
`;

const instances = (more: string) => `
  CREATE TABLE instances (name TEXT PRIMARY KEY, session_id TEXT UNIQUE,
    parent_session_id TEXT, parent_name TEXT, tag TEXT, last_event_id INTEGER DEFAULT 0,
    status TEXT DEFAULT 'active', status_time INTEGER DEFAULT 0,
    status_context TEXT DEFAULT '', status_detail TEXT DEFAULT '', last_stop INTEGER DEFAULT 0,
    directory TEXT, created_at REAL NOT NULL, transcript_path TEXT DEFAULT '',
    tcp_mode INTEGER DEFAULT 0, background INTEGER DEFAULT 0,
    background_log_file TEXT DEFAULT '', name_announced INTEGER DEFAULT 0, agent_id TEXT UNIQUE,
    running_tasks TEXT DEFAULT '', origin_device_id TEXT DEFAULT '', hints TEXT DEFAULT '',
    subagent_timeout INTEGER, tool TEXT DEFAULT 'claude', launch_args TEXT DEFAULT '',
    idle_since TEXT DEFAULT '', pid INTEGER, launch_context TEXT DEFAULT '', ${more},
    FOREIGN KEY (parent_session_id) REFERENCES instances(session_id) ON DELETE SET NULL);
  CREATE INDEX idx_session_id ON instances(session_id);
  CREATE UNIQUE INDEX idx_agent_id ON instances(agent_id) WHERE agent_id IS NOT NULL;
`;

const schemas = {
  14:
    instances(`wait_timeout INTEGER DEFAULT 86400, notify_port INTEGER,
      launch_context_announced INTEGER DEFAULT 0`) + common,
  18: `${instances(`wait_timeout INTEGER, last_seen INTEGER DEFAULT 0,
      terminal_preset_requested TEXT DEFAULT '', terminal_preset_effective TEXT DEFAULT ''`)}
    ${common}
    CREATE TABLE claude_actor_capabilities (token TEXT PRIMARY KEY, session_id TEXT,
      tool_use_id TEXT, agent_id TEXT DEFAULT '', instance_name TEXT, created_at INTEGER,
      expires_at INTEGER, last_seen INTEGER, UNIQUE (session_id, tool_use_id, agent_id));`,
};

/**
 * A database as schema 14 or 18 left it: two instances (kira is a child of luna), three events
 * of ids 1, 2 and 9 while 10 was used and deleted, one row in each other table.
 */
export function createForeign(path: string, version: 14 | 18): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode=WAL; ${schemas[version]}; PRAGMA user_version=${version};
    INSERT INTO instances (name, session_id, tag, last_event_id, status_time, created_at, tool,
      launch_context, hints) VALUES ('luna', 's-1', 'api', 2, 1700, 1699.5, 'codex',
      '{"terminal_preset":"kitty"}', NULL);
    INSERT INTO instances (name, parent_session_id, parent_name, created_at, wait_timeout)
      VALUES ('kira', 's-1', 'luna', 1700.25, 60);
    INSERT INTO events VALUES
      (1, '2026-01-01T00:00:00.000000+00:00', 'life', 'luna', '{"action":"created"}'),
      (2, '2026-01-01T00:00:01.000000+00:00', 'message', 'luna',
        '{"from":"luna","scope":"broadcast","text":"the walrus sings"}'),
      (9, '2026-01-01T00:00:02.000000+00:00', 'status', 'kira', '{"status":"active"}'),
      (10, '2026-01-01T00:00:03.000000+00:00', 'status', 'kira', '{"status":"active"}');
    DELETE FROM events WHERE id = 10;
    INSERT INTO process_bindings VALUES ('p-1', 's-1', 'luna', 1700.5);
    INSERT INTO session_bindings VALUES ('s-1', 'luna', 1700.5);
    INSERT INTO notify_endpoints VALUES ('luna', 'pty', 4242, 1700.5);
    INSERT INTO kv VALUES ('tip:luna:list:status', '1');
    CREATE TABLE my_notes (note TEXT); INSERT INTO my_notes VALUES ('keep me');
    CREATE VIEW my_view AS SELECT id, msg_from FROM events_v;`);
  return db;
}
