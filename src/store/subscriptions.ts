// Who wants to hear of which events: rows of `kv` as the original keeps them, one JSON object under
// `events_sub:<id>`. Members of threads share the space (`threads.ts`) and never fire.
import { asNumber, asObject, asText, type JsonObject, parseJson } from "../core/json.ts";
import type { Db, Param } from "./db.ts";
import { maxEventId } from "./events.ts";
import { getKv, setKv } from "./kv.ts";

const prefix = "events_sub:";

export interface Subscription {
  id: string;
  /** Who is told: base name of an agent, `bigboss`, or a name from outside. */
  caller: string;
  /** A condition on `events_v`, and what is bound into it. */
  sql: string;
  params: Param[];
  /** What the caller wrote, for the listing. */
  filters: JsonObject;
  /** Base names whose events alone can match: most subscriptions need not be asked then. */
  only?: string[];
  once: boolean;
  /** Epoch seconds. */
  created: number;
  /** Only events after this one count. */
  last_id: number;
  /** Said in the caller's name at each hit. */
  on_hit_text?: string;
  caller_kind?: string;
  /** The notice that the caller may not have read yet, and what has matched since. */
  notice?: { id: number; more: number; last: number };
  /** Keys of collisions that were told, with their times. */
  told?: Record<string, number>;
}

/** Of the original: SQL that waits for one recipient of one request. */
export interface RequestWatch {
  id: string;
  caller: string;
  request_id: number;
  target: string;
  last_id: number;
}

/** False when there is one of this id already. */
export function putSubscription(db: Db, value: Subscription): boolean {
  const { changes } = db.run(
    "INSERT OR IGNORE INTO kv (key, value) VALUES (?, ?)",
    prefix + value.id,
    JSON.stringify(value),
  );
  return changes > 0;
}

/** Of one that is there still: nobody brings back what somebody else has removed. */
export function changeSubscription(db: Db, id: string, change: object): void {
  const value = getKv(db, prefix + id);
  if (value === undefined) return;
  setKv(db, prefix + id, JSON.stringify({ ...asObject(parseJson(value)), ...change }));
}

/** False when it is gone already. */
export function removeSubscription(db: Db, id: string): boolean {
  return db.run("DELETE FROM kv WHERE key = ?", prefix + id).changes > 0;
}

export interface Listed {
  id: string;
  caller: string;
  mode: "once" | "continuous" | "thread" | "request";
  value: JsonObject;
}

/** All of them, oldest first. */
export function listSubscriptions(db: Db, caller?: string): Listed[] {
  const rows = db.all<{ key: string; value: string }>(
    `SELECT key, value FROM kv WHERE key >= 'events_sub:' AND key < 'events_sub;'
       AND json_valid(value) AND (?1 IS NULL OR json_extract(value, '$.caller') = ?1)
     ORDER BY json_extract(value, '$.created'), key`,
    caller ?? null,
  );
  return rows.flatMap(({ key, value }) => {
    const shown = asObject(parseJson(value));
    const who = asText(shown["caller"]);
    if (who === undefined) return [];
    return [{ id: key.slice(prefix.length), caller: who, mode: modeOf(shown), value: shown }];
  });
}

function modeOf(value: JsonObject): Listed["mode"] {
  if (value["thread_name"] !== undefined) return "thread";
  if (asObject(value["filters"])["request_watch"] === true) return "request";
  return value["once"] === true ? "once" : "continuous";
}

/** Those that fire, as far as they can be read. */
export function firing(db: Db): { subscriptions: Subscription[]; watches: RequestWatch[] } {
  const found: ReturnType<typeof firing> = { subscriptions: [], watches: [] };
  for (const { id, caller, mode, value } of listSubscriptions(db)) {
    if (mode === "thread" || value["delivery_only"] === true) continue;
    const filters = asObject(value["filters"]);
    const base = { id, caller, last_id: asNumber(value["last_id"]) ?? 0 };
    if (mode === "request") {
      const request_id = asNumber(filters["request_id"]);
      const target = asText(filters["target"]);
      if (request_id !== undefined && target !== undefined) {
        found.watches.push({ ...base, request_id, target });
      }
      continue;
    }
    const sql = asText(value["sql"]);
    if (sql === undefined || sql === "") continue;
    found.subscriptions.push({
      ...value,
      ...base,
      ...{ sql, filters, once: value["once"] === true, created: asNumber(value["created"]) ?? 0 },
      params: Array.isArray(value["params"]) ? value["params"].filter(isParam) : [],
    });
  }
  return found;
}

function isParam(value: unknown): value is Param {
  return typeof value === "string" || typeof value === "number";
}

/** Does anybody want to hear of anything? A look at one index. */
export function hasFiring(db: Db): boolean {
  return (
    db.get(
      `SELECT 1 FROM kv WHERE key >= 'events_sub:' AND key < 'events_sub;' AND json_valid(value)
         AND json_extract(value, '$.delivery_only') IS NOT 1 LIMIT 1`,
    ) !== undefined
  );
}

/** What a caller has asked to be told of: neither its threads nor what its requests wait for. */
export function ordersOf(db: Db, caller: string): JsonObject[] {
  return listSubscriptions(db, caller)
    .filter(({ mode, value }) => isOrder(mode) && value["delivery_only"] !== true)
    .map(({ value }) => value);
}

/** They count again from now on. What cannot be read as one is left out. */
export function restoreOrders(db: Db, caller: string, orders: readonly JsonObject[]): void {
  for (const order of orders) {
    const id = asText(order["id"]) ?? "";
    const isWhole = /^sub-[\w-]+$/.test(id) && asText(order["sql"]) && isOrder(modeOf(order));
    if (!isWhole) continue;
    const { notice: _read, ...kept } = order;
    const value = { ...kept, caller, last_id: maxEventId(db) };
    db.run(
      "INSERT OR IGNORE INTO kv (key, value) VALUES (?, ?)",
      prefix + id,
      JSON.stringify(value),
    );
  }
}

function isOrder(mode: Listed["mode"]): boolean {
  return mode === "once" || mode === "continuous";
}

/** What is gone with its caller: everything but the threads, which wait for its return. */
export function endSubscriptionsOf(db: Db, caller: string): void {
  db.run(
    `DELETE FROM kv WHERE key >= 'events_sub:' AND key < 'events_sub;' AND json_valid(value)
       AND json_extract(value, '$.caller') = ? AND json_extract(value, '$.delivery_only') IS NOT 1`,
    caller,
  );
}

/** How `called_by` of a message begins that a subscription has said. */
export const saidBySubscription = "subscription ";

/**
 * Events in `(after, upTo]` for which the condition holds. What hcom itself or a subscription says
 * counts never, nor what the caller does: being told would bring the next match about.
 */
export function matchesOf(
  db: Db,
  condition: { caller: string; sql: string; params: readonly Param[] },
  range: { after: number; upTo: number },
): number[] {
  const rows = db.all<{ id: number }>(
    `SELECT id FROM events_v WHERE id > ? AND id <= ? AND instance NOT LIKE 'sys^_%' ESCAPE '^'
       AND msg_sender_kind IS NOT 'system' AND instance NOT IN (?, 'ext_' || ?)
       AND coalesce(json_extract(data, '$.called_by'), '') NOT LIKE '${saidBySubscription}%'
       AND (${condition.sql}\n) ORDER BY id`,
    range.after,
    range.upTo,
    condition.caller,
    condition.caller,
    ...condition.params,
  );
  return rows.map(({ id }) => id);
}

/** Whose events stand in `(after, upTo]`. */
export function instancesIn(db: Db, range: { after: number; upTo: number }): Set<string> {
  const rows = db.all<{ instance: string }>(
    "SELECT DISTINCT instance FROM events WHERE id > ? AND id <= ?",
    range.after,
    range.upTo,
  );
  return new Set(rows.map(({ instance }) => instance));
}

const cursorKey = "events_watched";

/** Up to which event everybody has been told. */
export function watchedUpTo(db: Db): number | undefined {
  const value = getKv(db, cursorKey);
  return value === undefined ? undefined : Number(value);
}

export function setWatchedUpTo(db: Db, id: number): void {
  setKv(db, cursorKey, String(id));
}

/** Does anybody's subscription hold SQL of its own, which may take its time? */
export function hasOwnSql(db: Db): boolean {
  return (
    db.get(
      `SELECT 1 FROM kv WHERE key >= 'events_sub:' AND key < 'events_sub;' AND json_valid(value)
         AND json_extract(value, '$.delivery_only') IS NOT 1
         AND (json_extract(value, '$.filters.sql') IS NOT NULL
           OR json_extract(value, '$.filters') IS NULL) LIMIT 1`,
    ) !== undefined
  );
}

/**
 * When the oldest event came that nobody has been told of; undefined where there is none. A log
 * that was taken over has subscriptions and no cursor yet: all of its past counts.
 */
export function untoldSince(db: Db): string | undefined {
  return db.get<{ timestamp: string }>(
    `SELECT timestamp FROM events
     WHERE id > coalesce((SELECT CAST(value AS INTEGER) FROM kv WHERE key = '${cursorKey}'), 0)
     ORDER BY id LIMIT 1`,
  )?.timestamp;
}
