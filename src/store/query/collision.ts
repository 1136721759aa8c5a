// Two agents that change one file within half a minute. In seconds; the same window as the
// original's. Empty details collide with nothing.
import type { Db } from "../db.ts";
import { writeContexts } from "./action-contexts.ts";
import type { SqlFragment } from "./sql-fragment.ts";

const windowSeconds = 30;
/** How far back another's change is looked for: more events than half a minute brings. */
const mostEvents = 20_000;

const contexts = writeContexts.map((context) => `'${context}'`).join(", ");
const isChange = `events_v.type = 'status' AND status_context IN (${contexts})
  AND coalesce(status_detail, '') <> ''`;

/** As a question to the log. Who is told of them asks `collisionsIn`, once for everybody. */
export function collisionSql(): SqlFragment {
  return {
    sql: `${isChange} AND EXISTS (SELECT 1 FROM events AS before
      WHERE before.id < events_v.id AND before.id > events_v.id - ${mostEvents}
        AND before.type = 'status' AND before.instance <> events_v.instance
        AND strftime('%s', events_v.timestamp) - strftime('%s', before.timestamp)
          BETWEEN 0 AND ${windowSeconds}
        AND json_extract(before.data, '$.context') IN (${contexts})
        AND json_extract(before.data, '$.detail') = events_v.status_detail)`,
    params: [],
  };
}

export interface Collision {
  /** The later change. */
  id: number;
  instance: string;
  /** Who changed it before, the latest first. */
  others: string[];
  detail: string;
}

interface Change {
  id: number;
  second: number;
  instance: string;
  detail: string;
}

/** Of changes in `(after, upTo]`, oldest first. */
export function collisionsIn(db: Db, range: { after: number; upTo: number }): Collision[] {
  const later = changesIn(db, range);
  const [first] = later;
  if (first === undefined) return [];
  const since = first.second - windowSeconds;
  const earlier = changesIn(db, { after: first.id - mostEvents, upTo: first.id - 1 }, since);
  const before = new Map<string, Change[]>();
  for (const change of earlier) remember(before, change);
  return later.flatMap((change) => {
    const known = (before.get(change.detail) ?? []).filter(
      (one) => one.instance !== change.instance && change.second - one.second <= windowSeconds,
    );
    remember(before, change);
    if (known.length === 0) return [];
    const others = [...new Set(known.map((one) => one.instance).reverse())];
    return [{ id: change.id, instance: change.instance, others, detail: change.detail }];
  });
}

function remember(before: Map<string, Change[]>, change: Change): void {
  before.set(change.detail, [...(before.get(change.detail) ?? []), change]);
}

/** From that second on; the time is asked first, because it is cheap. */
function changesIn(db: Db, range: { after: number; upTo: number }, since = 0): Change[] {
  return db.all<Change>(
    `SELECT id, CAST(strftime('%s', timestamp) AS INTEGER) AS second, instance,
       status_detail AS detail
     FROM events_v WHERE id > ? AND id <= ? AND timestamp >= ? AND ${isChange} ORDER BY id`,
    range.after,
    range.upTo,
    new Date(since * 1000).toISOString().slice(0, 19),
  );
}
