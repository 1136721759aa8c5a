// The schema as users' SQL and the sqlite3 shell see it.
import { expect, test } from "bun:test";
import { DatabaseSync } from "node:sqlite";
import { getEvent, maxEventId } from "./events.ts";
import {
  addLife,
  addMessage,
  addStatus,
  temporaryDb,
  temporaryFolder,
} from "./fixtures/databases.ts";
import { openDb } from "./open/open-db.ts";
import { searchMessages } from "./search.ts";

test("tables and columns keep their public names", () => {
  using temporary = temporaryDb();
  const rows = temporary.db.all<{ line: string }>(
    `SELECT t.name || ': ' || group_concat(c.name, ' ') AS line
     FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
     WHERE t.schema = 'main' AND t.type <> 'shadow' AND t.name NOT LIKE 'sqlite_%'
     GROUP BY t.name ORDER BY t.name`,
  );
  expect(rows.map((row) => row.line).join("\n")).toMatchInlineSnapshot(`
    "acomm_channels_v1: space id name channel_type created_at participants max_participants ttl_seconds persistence encryption_required
    acomm_messages_v1: space id channel_id sender recipient content message_type timestamp metadata signature acknowledged_by event_id
    acomm_subscriptions_v1: space id topic subscriber created_at
    claude_actor_capabilities: token session_id tool_use_id agent_id instance_name created_at expires_at last_seen
    comm_ack: message pos who at
    comm_body: id content is_indexed
    comm_channel: seq space id name type created_at max_participants ttl_seconds persistence encryption_required ext ends_after
    comm_context: id session store at intent observation related_message_id topic
    comm_cursor: space channel participant cursor_id
    comm_fts: content
    comm_member: space channel pos participant principal wake cursor_id
    comm_message: seq space id channel sender recipient body type ts ts_ns signature metadata ext event_id
    comm_oplog: id session store tool at related_kind related_id ok error
    comm_origin: space origin imported_at form rest
    comm_space: id key next_channel next_message next_subscription form rest
    comm_subscription: seq space id topic subscriber created_at principal wake cursor_id ext
    deliveries: message_id principal recipient state via attempts claim created_at offered_at handed_at in_context_at answered_at evidence reason policy published_at arrived_at
    events: id timestamp type instance data
    events_fts: searchable
    events_v: id timestamp type instance data msg_from msg_text msg_scope msg_sender_kind msg_delivered_to msg_mentions msg_intent msg_thread msg_reply_to msg_reply_to_local bundle_id bundle_title bundle_description bundle_extends bundle_events bundle_files bundle_transcript bundle_created_by status_val status_context status_detail life_action life_by life_batch_id life_reason
    instances: name session_id parent_session_id parent_name tag last_event_id status status_time last_seen status_context status_detail last_stop directory created_at transcript_path tcp_mode wait_timeout background background_log_file name_announced agent_id running_tasks origin_device_id hints subagent_timeout tool launch_args terminal_preset_requested terminal_preset_effective idle_since pid launch_context principal
    kv: key value
    notify_endpoints: instance kind port updated_at
    principal: id name tool parent created_at
    process_bindings: process_id session_id instance_name updated_at
    relay_answers: event_id result created_at
    relay_channels: space channel owner remote_id
    relay_devices: uuid short capabilities max_packet has_ledger first_seen synced_at watermark reset_at cursor head skew seen epoch gone_at
    relay_origins: event_id device remote_id
    relay_receipts: seq device remote_id recipient state at via reason
    relay_requests: id target action params created_at published_at answered_at ok result
    session_bindings: session_id instance_name created_at"
  `);
});

test("indexes and triggers are these", () => {
  using temporary = temporaryDb();
  const rows = temporary.db.all<{ line: string }>(
    `SELECT tbl_name || ': ' || group_concat(name, ' ' ORDER BY name) AS line FROM sqlite_schema
     WHERE type IN ('index', 'trigger') AND name NOT LIKE 'sqlite_%'
     GROUP BY tbl_name ORDER BY tbl_name`,
  );
  expect(rows.map((row) => row.line).join("\n")).toMatchInlineSnapshot(`
    "claude_actor_capabilities: idx_claude_actor_capabilities_expires idx_claude_actor_capabilities_session
    comm_body: idx_comm_body_unindexed
    comm_channel: idx_comm_channel_name
    comm_member: idx_comm_member_participant idx_comm_member_principal
    comm_message: idx_comm_message_body idx_comm_message_history idx_comm_message_time idx_comm_message_unread
    comm_subscription: idx_comm_subscription_pattern idx_comm_subscription_principal idx_comm_subscription_topic
    deliveries: deliveries_arrive deliveries_move idx_deliveries_policy idx_deliveries_principal_state
    events: events_fts_insert idx_broadcasts idx_instance idx_life_action idx_life_session idx_msg_from idx_msg_thread idx_status_context idx_status_detail idx_timestamp idx_type idx_type_instance
    instances: idx_instances_agent_id idx_instances_created_at idx_instances_origin_device_id idx_instances_parent_name idx_instances_parent_session_id idx_instances_session_id idx_instances_status
    notify_endpoints: idx_notify_endpoints_instance idx_notify_endpoints_port
    process_bindings: idx_process_bindings_instance idx_process_bindings_session
    session_bindings: idx_session_bindings_instance"
  `);
});

const indexed: [string, string][] = [
  ["status_context = 'tool:Bash'", "idx_status_context"],
  ["type = 'status' AND status_detail = 'npm test'", "idx_status_detail"],
  ["msg_from = 'luna'", "idx_msg_from"],
  ["type = 'message' AND msg_thread = 't'", "idx_msg_thread"],
  ["life_action = 'stopped'", "idx_life_action"],
  ["type = 'message'", "idx_type"],
  ["type = 'status' AND instance = 'luna'", "idx_type_instance"],
];
for (const [where, index] of indexed) {
  test(`through the view, ${where} uses ${index}`, () => {
    using temporary = temporaryDb();
    const plan = temporary.db.all<{ detail: string }>(
      `EXPLAIN QUERY PLAN SELECT * FROM events_v WHERE ${where} ORDER BY id DESC LIMIT 20`,
    );
    expect(plan[0]?.detail).toContain(`USING INDEX ${index} `);
  });
}

test("the view shows messages, bundles, statuses and lives under their names", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  addMessage(db, { from: "luna", mentions: ["nova"], scope: "mentions", reply_to: "7" });
  addStatus(db, "nova", { context: "tool:Bash", detail: "npm test" });
  addLife(db, "kira", { action: "stopped", by: "system", reason: "killed" });
  const rows = db.all<object>(
    `SELECT id, msg_from, msg_mentions, msg_reply_to, status_val, status_context, status_detail,
       life_action, life_by, life_reason FROM events_v ORDER BY id`,
  );
  expect(rows.map((row) => Object.values(row).filter((value) => value !== null))).toEqual([
    [1, "luna", '["nova"]', "7"],
    [2, "active", "tool:Bash", "npm test"],
    [3, "stopped", "system", "killed"],
  ]);
});

const shell = Bun.which("sqlite3");
test.skipIf(shell === null)("the sqlite3 shell reads, writes and searches the file", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/hcom.db`;
  const sqlite = (sql: string) => {
    const { stdout, stderr } = Bun.spawnSync([shell ?? "", path, sql]);
    return stdout.toString() + stderr.toString();
  };
  using db = openDb(path);
  addMessage(db, { from: "luna", text: "written by us" });
  expect(sqlite("SELECT msg_from, msg_text FROM events_v WHERE type = 'message'")).toBe(
    "luna|written by us\n",
  );
  const inserted = sqlite(
    `INSERT INTO events (timestamp, type, instance, data) VALUES ('2026-11-21T00:00:00.000000+00:00',
       'message', 'ext_shell', '{"from":"shell","scope":"broadcast","text":"typed by hand"}');
     SELECT rowid FROM events_fts WHERE events_fts MATCH 'hand';
     UPDATE instances SET tag = 'x'; INSERT INTO kv VALUES ('k', 'v');
     PRAGMA integrity_check;`,
  );
  expect(inserted).toBe("2\nok\n");
  expect(searchMessages(db, "typed hand", 5).map((event) => event.id)).toEqual([2]);
  expect(maxEventId(db)).toBe(2);
});

test("the file works for a plain connection without our settings", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/hcom.db`;
  using db = openDb(path);
  const plain = new DatabaseSync(path);
  plain.exec(`INSERT INTO events (timestamp, type, instance, data)
    VALUES ('t', 'life', 'x', '{"action":"created"}')`);
  expect(() => plain.exec("INSERT INTO events VALUES (9, 't', 'life', 'x', 'no json')")).toThrow();
  plain.close();
  expect(getEvent(db, 1)?.data).toBe('{"action":"created"}');
});
