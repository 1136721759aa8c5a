// A log as a long-lived machine has it: a million events (tens of thousands in a smoke run), one in
// ten a message, every one in the search index. Built once per run, without triggers and indexes,
// which are made afterwards from the schema's own words.

import type { Db } from "../src/store/db.ts";
import { appendEvent, isoTime, type NewEventRow } from "../src/store/events.ts";
import type { Lab, Room } from "./lab.ts";

const rooms = new WeakMap<Lab, Room>();

/** The room that holds it. */
export function bigLog(lab: Lab): Room {
  const known = rooms.get(lab);
  if (known !== undefined) return known;
  const room = lab.room("big");
  const events = eventCount(lab);
  const startedAt = performance.now();
  using bus = room.openBus();
  fill(bus.db, events, bus.system.now());
  rooms.set(lab, room);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.error(`built a log of ${events} events in ${seconds} s`);
  return room;
}

export function eventCount(lab: Lab): number {
  return lab.isSmoke ? 20_000 : 1_000_000;
}

/** Of all events. */
export const messageShare = 0.1;

interface Made {
  name: string;
  sql: string;
}

function fill(db: Db, count: number, nowMs: number): void {
  const indexes = db.all<Made>(
    `SELECT name, sql FROM sqlite_schema
     WHERE type = 'index' AND tbl_name = 'events' AND sql NOT NULL`,
  );
  const triggers = db.all<Made>(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events'",
  );
  db.exec("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
  db.write(() => {
    for (const index of indexes) db.exec(`DROP INDEX ${index.name}`);
    for (const trigger of triggers) db.exec(`DROP TRIGGER ${trigger.name}`);
    const stepMs = (30 * 24 * 3600 * 1000) / count;
    for (let n = 0; n < count; n++) appendEvent(db, eventAt(n, nowMs - (count - n) * stepMs));
    for (const index of indexes) db.exec(index.sql);
    for (const trigger of triggers) {
      db.exec(searchRowsOf(trigger.sql));
      db.exec(trigger.sql);
    }
  });
  db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
}

/** What the trigger does for one new event, for all that are there. */
function searchRowsOf(trigger: string): string {
  const insert = /BEGIN\s+(INSERT INTO [\s\S]*?)\bVALUES\s*\(([\s\S]*)\);\s*END/.exec(trigger);
  if (insert === null) throw new Error(`this trigger is not understood: ${trigger}`);
  return `${insert[1]} SELECT ${insert[2]?.replaceAll("new.", "")} FROM events`;
}

function eventAt(n: number, ms: number): NewEventRow {
  const instance = `old_${n % 40}`;
  const timestamp = isoTime(ms);
  if (n % 10 === 0) return { type: "message", instance, timestamp, data: messageAt(n, instance) };
  if (n % 100 === 1) return { type: "life", instance, timestamp, data: lifeAt(n, instance) };
  return { type: "status", instance, timestamp, data: statusAt(n) };
}

function messageAt(n: number, from: string): object {
  const to = `old_${(n * 7 + 1) % 40}`;
  return {
    from,
    sender_kind: "instance",
    scope: "mentions",
    text: textAt(n / 10),
    delivered_to: [to],
    mentions: [to],
    intent: n % 20 === 0 ? "request" : "inform",
    ...(n % 50 === 0 ? { thread: `thread-${n % 700}` } : {}),
  };
}

function lifeAt(n: number, instance: string): object {
  if (n % 200 === 1) return { action: "started", by: instance, tool: "claude" };
  const snapshot = { name: instance, tool: "claude", session_id: `session-${n}` };
  return { action: "stopped", by: instance, reason: "closed", snapshot };
}

function statusAt(n: number): object {
  return {
    status: "active",
    context: "tool:Bash",
    position: n,
    detail: `npm test -- src/module-${n % 500}.test.ts gadget`,
    old_status: "active",
    old_context: "tool:Edit",
    writer: "pre",
    session: `session-${n % 40}`,
    tool_name: "Bash",
  };
}

const vocabulary = 5000;

/** Thirty words; small numbers are common, as in a language. Message `n` alone has `unique<n>`. */
function textAt(n: number): string {
  const words = [`unique${n}`];
  let state = (n + 1) * 2654435761;
  for (let at = 0; at < 30; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const share = state / 2 ** 32;
    words.push(`word${Math.floor(share ** 3 * vocabulary)}`);
  }
  if (n % 1000 === 0) words.push("silver walrus sings");
  return words.join(" ");
}
