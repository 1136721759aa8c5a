// Every kind of event, membership and snapshot that programs of before wrote, taken over where it
// lies and from elsewhere: nothing of it is lost, and it means here what it meant there.
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asList, asObject, parseJson } from "../../src/core/json.ts";
import { createForeign } from "../../src/store/fixtures/databases.ts";
import { type Env, hcom, tempDir } from "../process/lab.ts";

const message = (from: string, text: string, more: object = {}) => ({
  from,
  sender_kind: "instance",
  scope: "broadcast",
  text,
  delivered_to: ["luna"],
  ...more,
});
const to = (name: string, more: object = {}) => ({
  scope: "mentions",
  mentions: [name],
  delivered_to: [name],
  ...more,
});

/** type, instance, data */
const kinds: [string, string, object][] = [
  ["life", "vela", { action: "created", by: "user", is_hcom_launched: true, is_subagent: false }],
  ["life", "vela", { action: "started", by: "user", reason: "launch", tool: "claude" }],
  ["life", "vela", { action: "ready", by: "pty", status: "listening", context: "ready" }],
  ["life", "vela", { action: "launch_blocked", by: "pty", status: "blocked", context: "trust" }],
  ["life", "nova", { action: "launch_failed", by: "pty", status: "inactive", reason: "exit 1" }],
  [
    "life",
    "luna",
    {
      action: "batch_launched",
      by: "luna",
      batch_id: "b-1",
      tool: "claude",
      launched: 2,
      failed: 0,
      background: true,
      tag: "api",
      instances: ["vela", "nova"],
    },
  ],
  ["life", "_device", { action: "reset", device: "d-1" }],
  ["life", "_device", { action: "relay_device_join", device: "d-2", short_id: "BOXE" }],
  ["life", "_device", { action: "relay_device_leave", device: "d-2", short_id: "BOXE" }],
  ["status", "vela", { status: "active", context: "tool:Bash", detail: "npm test" }],
  ["status", "vela", { status: "listening", context: "" }],
  ["status", "vela", { status: "active", context: "deliver:luna", msg_ts: "2026-01-02" }],
  ["message", "luna", message("luna", "to all of you")],
  ["message", "vela", message("vela", "in the thread", to("luna", { thread: "plan" }))],
  ["message", "vela", message("vela", "a request", to("luna", { intent: "request" }))],
  ["message", "ext_ci", message("ci", "from a script", { sender_kind: "external" })],
  ["message", "sys_[hcom-launcher]", message("[hcom-launcher]", "all are up", to("luna"))],
  ["bundle", "vela", { bundle_id: "bundle:1", title: "what I found", files: ["a.ts"] }],
  [
    "life",
    "vela",
    {
      action: "stopped",
      by: "user",
      reason: "killed",
      snapshot: {
        tool: "claude",
        session_id: "s-vela",
        tag: null,
        directory: "/tmp",
        last_event_id: 12,
        origin_device_id: null,
        subscriptions: [],
      },
    },
  ],
  ["life", "tuvo", { action: "stopped", by: "system", reason: "stale" }],
  [
    "life",
    "nova",
    { action: "stopped", by: "system", reason: "launch_failed", placeholder: true, snapshot: {} },
  ],
];

function build(path: string): number {
  using db = createForeign(path, 20);
  const insert = db.prepare(
    "INSERT INTO events (timestamp, type, instance, data) VALUES (?, ?, ?, ?)",
  );
  kinds.forEach(([type, instance, data], at) => {
    const second = String(at).padStart(2, "0");
    insert.run(`2026-01-02T00:00:${second}.000000+00:00`, type, instance, JSON.stringify(data));
  });
  const member = {
    ...{ id: "sub-1a2b3c4d", caller: "luna", thread_name: "plan", auto_thread_member: true },
    ...{ delivery_only: true, sql: "0", created: 1_767_000_000.000001, last_id: 0, once: false },
  };
  db.prepare("INSERT INTO kv VALUES (?, ?)").run("events_sub:sub-1a2b3c4d", JSON.stringify(member));
  db.exec("UPDATE instances SET last_event_id = 21 WHERE name = 'luna'");
  return db.prepare("SELECT count(*) AS n FROM events").get()?.["n"] as number;
}

function rowsOf(path: string, sql: string): unknown[] {
  using db = new Database(path, { readonly: true });
  return db.query(sql).all();
}

const everything = "SELECT id, timestamp, type, instance, data FROM events ORDER BY id";

test("where it lies: every event is there, and nobody gets again what he had", async () => {
  using dir = tempDir();
  const home = join(dir.path, ".hcom");
  mkdirSync(home);
  const path = join(home, "hcom.db");
  build(path);
  const before = rowsOf(path, everything);
  const env: Env = { HOME: dir.path, HCOM_DIR: home, PATH: "/usr/bin:/bin" };
  const shown = await hcom(env, ["events", "--last", "100", "--full", "--json"]);
  for (const text of ["to all of you", "in the thread", "from a script", "npm test"]) {
    expect(shown.out).toContain(text);
  }
  expect(rowsOf(path, everything).slice(0, before.length)).toEqual(before);
  // 21 was read; what came later to luna is waiting, and nothing else.
  const cursor = "SELECT last_event_id AS at FROM instances WHERE name = 'luna'";
  expect(rowsOf(path, cursor)).toEqual([{ at: 21 }]);
  const unread = asList(parseJson((await hcom(env, ["list", "--json"])).out)).map(asObject);
  const waiting = before
    .map(asObject)
    .filter((row) => Number(row["id"]) > 21 && row["type"] === "message")
    .filter((row) => !["luna"].includes(String(row["instance"])));
  expect(unread.find((row) => row["base_name"] === "luna")?.["unread_count"]).toBe(waiting.length);
  // Who was in a thread hears what is said in it.
  const said = await hcom(env, ["send", "--thread", "plan", "--from", "ci", "--json", "--", "x"]);
  expect(asObject(parseJson(said.out))["delivered_to"]).toEqual(["luna"]);
});

test("from elsewhere: the numbers that are said are those of the rows", async () => {
  using dir = tempDir();
  const theirs = join(dir.path, "theirs");
  mkdirSync(theirs);
  const path = join(theirs, "hcom.db");
  const events = build(path);
  const bytes = readFileSync(path);
  const ours = join(dir.path, "ours");
  const env: Env = { HOME: dir.path, HCOM_DIR: ours, PATH: "/usr/bin:/bin" };
  const run = await hcom(env, ["import", theirs, "--json"]);
  const messages = kinds.filter(([type]) => type === "message").length + 1;
  expect(asObject(parseJson(run.out))).toMatchObject({ events, messages, agents: 2, threads: 1 });
  expect(readFileSync(path).equals(bytes)).toBe(true);
  const here = rowsOf(join(ours, "hcom.db"), everything);
  expect(here.slice(0, events)).toEqual(rowsOf(path, everything));

  const stopped = asList(
    parseJson((await hcom(env, ["list", "--stopped", "--all", "--json"])).out),
  ).map(asObject);
  // Also who left no word of what it was; a launch that never began is nobody.
  expect(stopped.map((one) => one["base_name"]).toSorted()).toEqual([
    "kira",
    "luna",
    "tuvo",
    "vela",
  ]);
  const tuvo = await hcom(env, ["list", "--stopped", "tuvo"]);
  expect([tuvo.code, tuvo.out]).toEqual([0, expect.stringContaining("hcom start --as tuvo")]);
});
