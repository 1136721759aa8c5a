-- The base of our version line (100): the tables, view and search index that users' SQL and
-- scripts know by name, and the two tables of ours (principal, deliveries).
-- Everything here must stay readable and writable by the sqlite3 3.40 shell: built-in functions only.

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp TEXT NOT NULL,
  type TEXT NOT NULL,
  instance TEXT NOT NULL,
  data TEXT NOT NULL
);
CREATE INDEX idx_timestamp ON events(timestamp);
CREATE INDEX idx_type ON events(type);
CREATE INDEX idx_instance ON events(instance);
CREATE INDEX idx_type_instance ON events(type, instance);
-- Found through events_v only because the expressions are spelled as they are there. Each is
-- partial, so that an event pays only for the fields it has.
CREATE INDEX idx_status_context ON events(json_extract(data, '$.context'))
  WHERE json_extract(data, '$.context') IS NOT NULL;
CREATE INDEX idx_status_detail ON events(json_extract(data, '$.detail'))
  WHERE json_extract(data, '$.detail') IS NOT NULL;
CREATE INDEX idx_msg_from ON events(json_extract(data, '$.from'))
  WHERE json_extract(data, '$.from') IS NOT NULL;
CREATE INDEX idx_msg_thread ON events(json_extract(data, '$.thread'))
  WHERE json_extract(data, '$.thread') IS NOT NULL;
CREATE INDEX idx_life_action ON events(json_extract(data, '$.action'))
  WHERE json_extract(data, '$.action') IS NOT NULL;
CREATE INDEX idx_life_session ON events(json_extract(data, '$.snapshot.session_id'))
  WHERE json_extract(data, '$.snapshot.session_id') IS NOT NULL;

CREATE VIEW events_v AS
SELECT
  id, timestamp, type, instance, data,
  json_extract(data, '$.from') AS msg_from,
  json_extract(data, '$.text') AS msg_text,
  json_extract(data, '$.scope') AS msg_scope,
  json_extract(data, '$.sender_kind') AS msg_sender_kind,
  json_extract(data, '$.delivered_to') AS msg_delivered_to,
  json_extract(data, '$.mentions') AS msg_mentions,
  json_extract(data, '$.intent') AS msg_intent,
  json_extract(data, '$.thread') AS msg_thread,
  json_extract(data, '$.reply_to') AS msg_reply_to,
  json_extract(data, '$.reply_to_local') AS msg_reply_to_local,
  json_extract(data, '$.bundle_id') AS bundle_id,
  json_extract(data, '$.title') AS bundle_title,
  json_extract(data, '$.description') AS bundle_description,
  json_extract(data, '$.extends') AS bundle_extends,
  json_extract(data, '$.refs.events') AS bundle_events,
  json_extract(data, '$.refs.files') AS bundle_files,
  json_extract(data, '$.refs.transcript') AS bundle_transcript,
  json_extract(data, '$.created_by') AS bundle_created_by,
  json_extract(data, '$.status') AS status_val,
  json_extract(data, '$.context') AS status_context,
  json_extract(data, '$.detail') AS status_detail,
  json_extract(data, '$.action') AS life_action,
  json_extract(data, '$.by') AS life_by,
  json_extract(data, '$.batch_id') AS life_batch_id,
  json_extract(data, '$.reason') AS life_reason
FROM events;

-- Ids only (the text is in events); columnsize=0 spares one write per event.
CREATE VIRTUAL TABLE events_fts USING fts5(
  searchable, tokenize = 'unicode61', content = '', columnsize = 0
);
CREATE TRIGGER events_fts_insert AFTER INSERT ON events BEGIN
  INSERT INTO events_fts(rowid, searchable) VALUES (
    new.id,
    coalesce(json_extract(new.data, '$.text'), '') || ' ' ||
    coalesce(json_extract(new.data, '$.from'), '') || ' ' ||
    coalesce(json_extract(new.data, '$.context'), '') || ' ' ||
    coalesce(json_extract(new.data, '$.detail'), '') || ' ' ||
    coalesce(json_extract(new.data, '$.action'), '') || ' ' ||
    coalesce(json_extract(new.data, '$.reason'), '') || ' ' ||
    new.instance
  );
END;

CREATE TABLE instances (
  name TEXT PRIMARY KEY,
  session_id TEXT UNIQUE,
  parent_session_id TEXT REFERENCES instances(session_id) ON DELETE SET NULL,
  parent_name TEXT,
  tag TEXT,
  last_event_id INTEGER DEFAULT 0,
  status TEXT DEFAULT 'active',
  status_time INTEGER DEFAULT 0,
  last_seen INTEGER DEFAULT 0,
  status_context TEXT DEFAULT '',
  status_detail TEXT DEFAULT '',
  last_stop INTEGER DEFAULT 0,
  directory TEXT,
  created_at REAL NOT NULL,
  transcript_path TEXT DEFAULT '',
  tcp_mode INTEGER DEFAULT 0,
  wait_timeout INTEGER,
  background INTEGER DEFAULT 0,
  background_log_file TEXT DEFAULT '',
  name_announced INTEGER DEFAULT 0,
  agent_id TEXT UNIQUE,
  running_tasks TEXT DEFAULT '',
  origin_device_id TEXT DEFAULT '',
  hints TEXT DEFAULT '',
  subagent_timeout INTEGER,
  tool TEXT DEFAULT 'claude',
  launch_args TEXT DEFAULT '',
  terminal_preset_requested TEXT DEFAULT '',
  terminal_preset_effective TEXT DEFAULT '',
  idle_since TEXT DEFAULT '',
  pid INTEGER,
  launch_context TEXT DEFAULT '',
  principal TEXT NOT NULL DEFAULT ''
);
CREATE INDEX idx_instances_session_id ON instances(session_id);
CREATE INDEX idx_instances_parent_session_id ON instances(parent_session_id);
CREATE INDEX idx_instances_parent_name ON instances(parent_name);
CREATE INDEX idx_instances_created_at ON instances(created_at DESC);
CREATE INDEX idx_instances_status ON instances(status);
CREATE UNIQUE INDEX idx_instances_agent_id ON instances(agent_id) WHERE agent_id IS NOT NULL;
CREATE INDEX idx_instances_origin_device_id ON instances(origin_device_id);

CREATE TABLE process_bindings (
  process_id TEXT PRIMARY KEY,
  session_id TEXT,
  instance_name TEXT,
  updated_at REAL NOT NULL
);
CREATE INDEX idx_process_bindings_instance ON process_bindings(instance_name);
CREATE INDEX idx_process_bindings_session ON process_bindings(session_id);

CREATE TABLE session_bindings (
  session_id TEXT PRIMARY KEY,
  instance_name TEXT NOT NULL REFERENCES instances(name) ON DELETE CASCADE,
  created_at REAL NOT NULL
);
CREATE INDEX idx_session_bindings_instance ON session_bindings(instance_name);

CREATE TABLE notify_endpoints (
  instance TEXT NOT NULL,
  kind TEXT NOT NULL,
  port INTEGER NOT NULL,
  updated_at REAL NOT NULL,
  PRIMARY KEY (instance, kind)
);
CREATE INDEX idx_notify_endpoints_instance ON notify_endpoints(instance);
CREATE INDEX idx_notify_endpoints_port ON notify_endpoints(port);

CREATE TABLE claude_actor_capabilities (
  token TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  tool_use_id TEXT NOT NULL,
  agent_id TEXT NOT NULL DEFAULT '',
  instance_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  UNIQUE (session_id, tool_use_id, agent_id)
);
CREATE INDEX idx_claude_actor_capabilities_expires ON claude_actor_capabilities(expires_at);
CREATE INDEX idx_claude_actor_capabilities_session ON claude_actor_capabilities(session_id);

CREATE TABLE kv (
  key TEXT PRIMARY KEY,
  value TEXT
);

-- The lasting identity behind instances: survives resume, rename and restart.
CREATE TABLE principal (
  id TEXT PRIMARY KEY,
  name TEXT,
  tool TEXT,
  parent TEXT,
  created_at REAL
);

-- The fate of one message at one recipient.
CREATE TABLE deliveries (
  message_id INTEGER NOT NULL,
  principal TEXT NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN (
    'stored', 'offered', 'handed', 'in_context', 'answered', 'expired', 'dead')),
  via TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  claim TEXT,
  created_at REAL NOT NULL,
  offered_at REAL,
  handed_at REAL,
  in_context_at REAL,
  answered_at REAL,
  evidence TEXT,
  reason TEXT,
  PRIMARY KEY (message_id, principal)
) WITHOUT ROWID;
CREATE INDEX idx_deliveries_principal_state ON deliveries(principal, state);
