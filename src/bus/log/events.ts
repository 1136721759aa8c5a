// Reads the log: filtered, newest last, or waiting for the first match.
import type { EventRow } from "../../core/event.ts";
import { isoTime } from "../../store/events.ts";
import {
  countEvents,
  firstEvent,
  queryEvents,
  type SqlFragment,
} from "../../store/query/events-query.ts";
import { besidesOwnCalls, cameTo } from "../../store/query/preset-sql.ts";
import { searchMessages } from "../../store/search.ts";
import type { Bus } from "../bus.ts";
import { nextWake } from "../wake.ts";
import { compile, type EventFilters, type Question } from "./condition.ts";

export interface EventQuery extends Question {
  last: number;
}

export type { EventFilters };

/** Oldest first. */
export function queryLog(bus: Bus, query: EventQuery): EventRow[] {
  return queryEvents(bus.db, { where: compile(bus, query).where, limit: query.last });
}

/** The newest of all that says something: not the calls of hcom by which agents said it. */
export function latestEvents(bus: Bus, last: number): EventRow[] {
  return queryEvents(bus.db, { where: [besidesOwnCalls], limit: last });
}

/** The newest messages, of one reader or of all, oldest first. */
export function latestMessages(bus: Bus, reader: string | undefined, last: number): EventRow[] {
  const all = { sql: "type = 'message'", params: [] };
  return queryEvents(bus.db, { where: [reader === undefined ? all : cameTo(reader)], limit: last });
}

/** How many there are in all. */
export function countLog(bus: Bus, query: Omit<EventQuery, "last">): number {
  return countEvents(bus.db, compile(bus, query).where);
}

/** Messages that hold these words, oldest first. */
export function searchLog(bus: Bus, words: string, last: number): EventRow[] {
  return searchMessages(bus.db, words, last).reverse();
}

const lookBackMs = 10_000;

/**
 * Looks for the first match: behind `after`, without it from ten seconds before now on. The
 * question is compiled once, however often is looked.
 */
export function lookFor(
  bus: Bus,
  question: Question & { after?: number | undefined },
): () => EventRow | undefined {
  const { after } = question;
  const since: SqlFragment =
    after === undefined
      ? { sql: "timestamp >= ?", params: [isoTime(bus.system.now() - lookBackMs)] }
      : { sql: "id > ?", params: [after] };
  const where = [...compile(bus, question).where, since];
  return () => firstEvent(bus.db, where);
}

/** The first match, also of the last ten seconds; undefined = timeout, or over. */
export async function waitForEvent(
  bus: Bus,
  question: Question & { after?: number | undefined },
  timeoutSeconds: number,
  isOver: () => boolean = () => false,
): Promise<EventRow | undefined> {
  const look = lookFor(bus, question);
  const deadline = bus.system.monotonic() + timeoutSeconds * 1000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    const left = deadline - bus.system.monotonic();
    if (left <= 0 || isOver()) return undefined;
    await nextWake(bus, left, { isDue: () => look() !== undefined || isOver() });
  }
}
