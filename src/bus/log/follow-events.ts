// The log as it grows: what matches, in order, each event once, also across a log that begins anew.
import type { EventRow } from "../../core/event.ts";
import { maxEventId } from "../../store/events.ts";
import { queryEvents, type SqlFragment } from "../../store/query/events-query.ts";
import { type Bus, reopenIfReplaced } from "../bus.ts";
import { nextWake } from "../wake.ts";
import { compile, type Question } from "./condition.ts";

export type Followed = { kind: "events"; rows: EventRow[] } | { kind: "restarted" };

/** At once; the rest comes with the next look. */
const most = 1000;
const longestWaitMs = 30_000;

/** Begins behind `after`, without it at the end of the log; ends when nobody takes any more. */
export async function* followEvents(
  bus: Bus,
  query: Question & { after: number | undefined },
): AsyncGenerator<Followed> {
  // An id that is not there yet is the end, not a sign that the log has begun anew.
  const end = maxEventId(bus.db);
  let at = Math.min(query.after ?? end, end);
  const { where } = compile(bus, query);
  for (;;) {
    // Another log may have more events by now than this one had.
    const isAnother = bus.db.isReplaced();
    reopenIfReplaced(bus);
    const newest = maxEventId(bus.db);
    if (isAnother || newest < at) {
      at = 0;
      yield { kind: "restarted" };
    }
    if (newest > at) {
      const upTo = Math.min(newest, at + most);
      const range: SqlFragment = { sql: "id > ? AND id <= ?", params: [at, upTo] };
      const rows = queryEvents(bus.db, { where: [...where, range], limit: most });
      at = upTo;
      if (rows.length > 0) yield { kind: "events", rows };
      continue;
    }
    const version = bus.db.dataVersion();
    const isDue = () => bus.db.dataVersion() !== version || maxEventId(bus.db) !== at;
    await nextWake(bus, longestWaitMs, { isDue });
  }
}
