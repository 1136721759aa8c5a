// The filter flags of events, listen and subscriptions: what each means as SQL on `events_v` and
// which type of event it implies. Values are always bound. Combining flags is in `events-query.ts`.
import { eventTypes } from "../../core/event.ts";
import { lifeActions } from "../../core/events/life.ts";
import { intents } from "../../core/events/message.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import type { Param } from "../db.ts";
import { shellContexts, writeContexts } from "./action-contexts.ts";
import { collisionSql } from "./collision.ts";
import type { SqlFragment } from "./sql-fragment.ts";

export type Family = (typeof eventTypes)[number];

interface Flag {
  /** The only type of event that has the field. */
  family?: Family;
  /** All values it may take. */
  values?: readonly string[];
  /** The condition for one value. */
  sql: (value: string) => SqlFragment;
}

const statusValues = ["active", "listening", "blocked", "inactive", "launching", "error"] as const;

export const filterFlagNames = [
  "agent",
  "type",
  "status",
  "context",
  "file",
  "cmd",
  "from",
  "mention",
  "participant",
  "action",
  "intent",
  "thread",
  "reply-to",
  "after",
  "before",
  "idle",
  "blocked",
  "collision",
] as const;
export type FilterFlag = (typeof filterFlagNames)[number];

export const filterFlags: Readonly<Record<FilterFlag, Flag>> = {
  agent: { sql: (name) => equals("instance", name) },
  type: { values: eventTypes, sql: (type) => equals("type", type) },
  status: {
    family: "status",
    values: statusValues,
    sql: (status) => equals("status_val", status),
  },
  context: { family: "status", sql: (pattern) => equalsOrGlob("status_context", pattern) },
  file: {
    family: "status",
    sql: (pattern) =>
      both(oneOf("status_context", writeContexts), containsOrGlob("status_detail", pattern)),
  },
  cmd: {
    family: "status",
    sql: (pattern) => both(oneOf("status_context", shellContexts), command(pattern)),
  },
  from: { family: "message", sql: (name) => equals("msg_from", name) },
  mention: {
    family: "message",
    // Membership and not LIKE: `lu` is no mention of luna.
    sql: (name) => ({
      sql: "EXISTS (SELECT 1 FROM json_each(msg_mentions) WHERE value = ?)",
      params: [name],
    }),
  },
  participant: {
    family: "message",
    sql: (name) => ({
      sql: `msg_from = ? OR EXISTS (SELECT 1 FROM json_each(msg_mentions) WHERE value = ?)
        OR EXISTS (SELECT 1 FROM json_each(msg_delivered_to) WHERE value = ?)`,
      params: [name, name, name],
    }),
  },
  action: {
    family: "life",
    values: lifeActions,
    sql: (action) => equals("life_action", action),
  },
  intent: { family: "message", values: intents, sql: (intent) => equals("msg_intent", intent) },
  thread: { family: "message", sql: (thread) => equals("msg_thread", thread) },
  "reply-to": { family: "message", sql: replyTo },
  after: { sql: (time) => ({ sql: "timestamp >= ?", params: [timeBound(time)] }) },
  before: { sql: (time) => ({ sql: "timestamp < ?", params: [timeBound(time)] }) },
  idle: {
    family: "status",
    sql: (name) => both(equals("instance", name), equals("status_val", "listening")),
  },
  blocked: {
    family: "status",
    sql: (name) => both(equals("instance", name), equals("status_val", "blocked")),
  },
  // Its value says nothing: the flag stands alone.
  collision: { family: "status", sql: () => collisionSql() },
};

function equals(column: string, value: Param): SqlFragment {
  return { sql: `${column} = ?`, params: [value] };
}

function oneOf(column: string, values: readonly string[]): SqlFragment {
  return { sql: `${column} IN (${values.map(() => "?").join(", ")})`, params: [...values] };
}

function both(left: SqlFragment, right: SqlFragment): SqlFragment {
  return { sql: `${left.sql} AND ${right.sql}`, params: [...left.params, ...right.params] };
}

function like(column: string, pattern: string): SqlFragment {
  return { sql: `${column} LIKE ? ESCAPE '\\'`, params: [pattern] };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

function glob(column: string, pattern: string): SqlFragment {
  return like(column, escapeLike(pattern).replaceAll("*", "%"));
}

function equalsOrGlob(column: string, pattern: string): SqlFragment {
  return pattern.includes("*") ? glob(column, pattern) : equals(column, pattern);
}

function containsOrGlob(column: string, pattern: string): SqlFragment {
  return pattern.includes("*") ? glob(column, pattern) : like(column, `%${escapeLike(pattern)}%`);
}

/** `^P` starts with, `=P` equals, else contains. */
function command(pattern: string): SqlFragment {
  const rest = pattern.slice(1);
  if (pattern.startsWith("=")) return equals("status_detail", rest);
  if (pattern.startsWith("^")) return like("status_detail", `${escapeLike(rest)}%`);
  return like("status_detail", `%${escapeLike(pattern)}%`);
}

/** A number is a local event; `42:BOXE` is compared as it was typed. */
function replyTo(id: string): SqlFragment {
  if (!/^\d+$/.test(id)) return equals("msg_reply_to", id);
  return {
    sql: "(msg_reply_to_local = ? OR (msg_reply_to_local IS NULL AND msg_reply_to = ?))",
    params: [Number(id), id],
  };
}

/** As stored: UTC text that compares as text. Without a zone the time is taken as UTC. */
function timeBound(time: string): string {
  if (!/^\d{4}-\d{2}-\d{2}/.test(time)) {
    throw new Refusal({
      code: "bad_time",
      message: `"${time}" is not a time: it must start with YYYY-MM-DD.`,
      hint: "For example 2026-11-21 or 2026-11-21T14:30:00Z.",
      exit: exitCode.usage,
    });
  }
  const text = time.replace(/^(\S{10}) /, "$1T");
  if (!/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10))) return text;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : new Date(ms).toISOString().slice(0, -1);
}
