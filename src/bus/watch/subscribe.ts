// Being told of events: orders are kept, listed and ended here; `catch-up.ts` tells.
import type { JsonObject } from "../../core/json.ts";
import { checkText } from "../../core/mail/message.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { readPreset } from "../../core/watch/preset.ts";
import type { Param } from "../../store/db.ts";
import { maxEventId } from "../../store/events.ts";
import { conjunction, countEvents } from "../../store/query/events-query.ts";
import {
  hasFiring,
  type Listed,
  listSubscriptions,
  putSubscription,
  removeSubscription,
  type Subscription,
  setWatchedUpTo,
} from "../../store/subscriptions.ts";
import type { Bus } from "../bus.ts";
import { bare, type Condition, compile, type EventFilters } from "../log/condition.ts";

export interface Order {
  /** Who is told. */
  caller: { name: string; kind: "instance" | "external" };
  /** A preset, or SQL; absent = filters alone. */
  condition?: string | undefined;
  /** SQL beside it. */
  sql?: string | undefined;
  /** For the `?` in it. */
  params?: readonly Param[] | undefined;
  filters: EventFilters;
  once: boolean;
  onHit?: string | undefined;
}

export interface Subscribed {
  id: string;
  isNew: boolean;
  /** How many events of the past would have matched. */
  past: number;
}

export function subscribe(bus: Bus, order: Order): Subscribed {
  const meaning = meaningOf(bus, order);
  if (meaning.where.length === 0) throw noCondition();
  // What could never be said is a slip of now, not of the first match.
  if (order.onHit !== undefined) checkText(order.onHit);
  // Before anything is locked: over a long log it may take a while.
  const past = countEvents(bus.db, meaning.where);
  const { id, isNew } = bus.db.write(() => store(bus, order, meaning));
  return { id, isNew, past };
}

/** What every new agent is subscribed to, by the setting. */
export function subscribeByDefault(bus: Bus, name: string): void {
  for (const word of bus.settings.text("auto_subscribe").split(",")) {
    const preset = readPreset(word.trim());
    if (preset === undefined) continue;
    const caller = { name, kind: "instance" as const };
    const order = { caller, condition: word.trim(), filters: {}, once: false };
    store(bus, order, meaningOf(bus, order));
  }
}

/** Of one caller, or all. */
export function listed(bus: Bus, caller?: string): Listed[] {
  return listSubscriptions(bus.db, caller);
}

/**
 * By id, by id without its `sub-`, or by the preset that the caller gave. All or none; an agent
 * ends its own alone.
 */
export function unsubscribe(
  bus: Bus,
  written: readonly string[],
  caller: string,
  isOwnOnly: boolean,
): string[] {
  return bus.db.write(() => {
    const all = listSubscriptions(bus.db, isOwnOnly ? caller : undefined);
    const found = written.map((word) => {
      const ids = [word, `sub-${word}`];
      const one =
        all.find(({ id }) => ids.includes(id)) ??
        all.find((own) => own.caller === caller && presetIn(own.value) === bare(word));
      if (one === undefined) throw noSuch(word);
      return one.id;
    });
    for (const id of found) removeSubscription(bus.db, id);
    return found;
  });
}

function noSuch(written: string): Refusal {
  return new Refusal({
    code: "not_found",
    exit: exitCode.notFound,
    message: `there is no subscription "${written}" of yours`,
    hint: "all there are: hcom events sub",
  });
}

/** As the caller wrote it, for people. */
export function conditionOf(value: JsonObject): string {
  const preset = presetIn(value);
  if (preset !== undefined) return preset;
  const filters = value["filters"];
  const words = Object.entries(typeof filters === "object" && filters !== null ? filters : {})
    .filter(([key]) => key !== "sql" && key !== "preset" && key !== "params")
    .map(([key, values]) => `${key}:${Array.isArray(values) ? values.join(",") : String(values)}`);
  const sql =
    typeof filters === "object" && filters !== null && "sql" in filters ? filters.sql : "";
  const parts = [...words, ...(typeof sql === "string" && sql !== "" ? [sql] : [])];
  const thread = value["thread_name"];
  if (typeof thread === "string") return `thread ${thread}`;
  return parts.length > 0 ? parts.join(" ") : String(value["sql"] ?? "");
}

function presetIn(value: JsonObject): string | undefined {
  const filters = value["filters"];
  if (typeof filters !== "object" || filters === null || !("preset" in filters)) return undefined;
  return typeof filters.preset === "string" ? filters.preset : undefined;
}

/** A subscription looks at one event at a time. */
function meaningOf(bus: Bus, { condition, sql, params, filters, caller }: Order): Condition {
  const isOfOneEvent = true;
  return compile(bus, { filters, sql, params, and: condition, caller: caller.name, isOfOneEvent });
}

function noCondition(): Refusal {
  return new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: "say which events: a preset, filters or SQL",
    hint: "for example: hcom events sub idle:luna, hcom events sub --agent luna --type message",
  });
}

function store(
  bus: Bus,
  order: Order,
  { shown, where, only }: Condition,
): { id: string; isNew: boolean } {
  const lastId = maxEventId(bus.db);
  // Nobody has kept the cursor while there was nothing to tell.
  if (!hasFiring(bus.db)) setWatchedUpTo(bus.db, lastId);
  const value: Subscription = {
    id: idOf(order, shown),
    caller: order.caller.name,
    caller_kind: order.caller.kind,
    filters: shown,
    sql: conjunction(where),
    params: where.flatMap((fragment) => fragment.params),
    once: order.once,
    created: bus.system.now() / 1000,
    last_id: lastId,
    ...(only === undefined ? {} : { only }),
    ...(order.onHit === undefined ? {} : { on_hit_text: order.onHit }),
  };
  return { id: value.id, isNew: putSubscription(bus.db, value) };
}

/** The same order twice is one subscription. */
function idOf({ caller, once, onHit }: Order, shown: JsonObject): string {
  const sorted = Object.fromEntries(Object.entries(shown).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify([caller.name, sorted, once, onHit ?? ""]);
  const hash = new Bun.CryptoHasher("sha256").update(text).digest("hex");
  return `sub-${hash.slice(0, 8)}`;
}
