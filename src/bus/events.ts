// Reads the log: filtered, newest last, or waiting for the first match.
import type { EventRow } from "../core/event.ts";
import { bareName } from "../core/names/address.ts";
import { didYouMean } from "../core/names/suggest.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { timeBound } from "../core/time-bound.ts";
import type { Param } from "../store/db.ts";
import { isoTime } from "../store/events.ts";
import { isInLog } from "../store/history.ts";
import { aliveNames } from "../store/instances.ts";
import {
  checkUserSql,
  countEvents,
  type EventFilters,
  filterSql,
  firstEvent,
  queryEvents,
  type SqlFragment,
} from "../store/query/events-query.ts";
import { cameTo } from "../store/query/preset-sql.ts";
import { searchMessages } from "../store/search.ts";
import { findInstance } from "./agents/identity.ts";
import { stoppedByName } from "./agents/stopped.ts";
import type { Bus } from "./bus.ts";
import { nextWake } from "./wake.ts";

export interface EventQuery {
  filters: EventFilters;
  sql?: string;
  /** For the `?` in `sql`. */
  params?: readonly Param[];
  last: number;
}

export type { EventFilters };

/** Oldest first. */
export function queryLog(bus: Bus, query: EventQuery): EventRow[] {
  return queryEvents(bus.db, { where: whereOf(bus, query), limit: query.last });
}

/** The newest messages, of one reader or of all, oldest first. */
export function latestMessages(bus: Bus, reader: string | undefined, last: number): EventRow[] {
  const all = { sql: "type = 'message'", params: [] };
  return queryEvents(bus.db, { where: [reader === undefined ? all : cameTo(reader)], limit: last });
}

/** How many there are in all. */
export function countLog(bus: Bus, query: Omit<EventQuery, "last">): number {
  return countEvents(bus.db, whereOf(bus, query));
}

/** Messages that hold these words, oldest first. */
export function searchLog(bus: Bus, words: string, last: number): EventRow[] {
  return searchMessages(bus.db, words, last).reverse();
}

const lookBackMs = 10_000;

/**
 * The first match behind `after`, without it within the last ten seconds, or until then; undefined
 * = timeout, or over.
 */
export async function waitForEvent(
  bus: Bus,
  query: Omit<EventQuery, "last"> & { after?: number | undefined },
  timeoutSeconds: number,
  isOver: () => boolean = () => false,
): Promise<EventRow | undefined> {
  const { after } = query;
  const since: SqlFragment =
    after === undefined
      ? { sql: "timestamp >= ?", params: [isoTime(bus.system.now() - lookBackMs)] }
      : { sql: "id > ?", params: [after] };
  const where = [...whereOf(bus, query), since];
  const deadline = bus.system.monotonic() + timeoutSeconds * 1000;
  const look = () => firstEvent(bus.db, where);
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    const left = deadline - bus.system.monotonic();
    if (left <= 0 || isOver()) return undefined;
    await nextWake(bus, left, { isDue: () => look() !== undefined || isOver() });
  }
}

/** Names that were never here, unknown values and bad SQL are refused. */
export function whereOf(bus: Bus, query: Omit<EventQuery, "last">): SqlFragment[] {
  const where = filterSql(resolveFilters(bus, query.filters));
  if (query.sql === undefined) return where;
  return [...where, checkUserSql(bus.db, query.sql, query.params)];
}

/** Names and times as the log has them. */
export function resolveFilters(bus: Bus, filters: EventFilters): EventFilters {
  return withTimes(bus, withBaseNames(bus, filters));
}

const nameFilters = ["agent", "from", "mention", "idle", "blocked"] as const;

function withTimes(bus: Bus, filters: EventFilters): EventFilters {
  const resolved: EventFilters = { ...filters };
  for (const key of ["after", "before"] as const) {
    const times = filters[key];
    if (times === undefined) continue;
    resolved[key] = times.map((time) => timeBound(time, bus.system.now(), key));
  }
  return resolved;
}

/** A name that was never here matches nothing, today or tomorrow: it is a slip. */
function unknownName(bus: Bus, flag: string, name: string): Refusal {
  const here = aliveNames(bus.db);
  return new Refusal({
    code: "not_found",
    exit: exitCode.notFound,
    message: `--${flag}: no agent "${name}" was ever here${didYouMean(bareName(name), here)}`,
    hint: here.length === 0 ? "nobody is here" : `Available: ${here.join(", ")}`,
  });
}

/** Display names become base names; a name nobody has now may still stand in the log. */
function withBaseNames(bus: Bus, filters: EventFilters): EventFilters {
  const resolved: EventFilters = { ...filters };
  for (const key of nameFilters) {
    const names = filters[key];
    if (names === undefined) continue;
    resolved[key] = names.map((name) => {
      const bare = bareName(name);
      const found = findInstance(bus, bare)?.name ?? stoppedAs(bus, bare);
      if (found === undefined) throw unknownName(bus, key, name);
      return found;
    });
  }
  return resolved;
}

/** The base name of who is here no more, written as in the log or in full. */
function stoppedAs(bus: Bus, bare: string): string | undefined {
  return isInLog(bus.db, bare) ? bare : stoppedByName(bus, bare)?.name;
}
