// Two agents that change one file within half a minute: as SQL on `events_v`. In seconds; the same
// window as the original's. Empty details collide with nothing.

import type { Db } from "../db.ts";
import { writeContexts } from "./action-contexts.ts";
import type { SqlFragment } from "./sql-fragment.ts";

const windowSeconds = 30;
/** How far back another's change is looked for: more events than half a minute brings. */
const mostEvents = 20_000;

const contexts = writeContexts.map((context) => `'${context}'`).join(", ");
const before = `before.id < events_v.id AND before.id > events_v.id - ${mostEvents}
  AND before.type = 'status' AND before.instance <> events_v.instance
  AND json_extract(before.data, '$.context') IN (${contexts})
  AND json_extract(before.data, '$.detail') = events_v.status_detail
  AND strftime('%s', events_v.timestamp) - strftime('%s', before.timestamp)
    BETWEEN 0 AND ${windowSeconds}`;
const change = `events_v.type = 'status' AND status_context IN (${contexts})
  AND coalesce(status_detail, '') <> ''`;

/** Of anybody, or only where `party` is one of the two. */
export function collisionSql(party?: string): SqlFragment {
  const isParty = party === undefined ? "" : "AND (events_v.instance = ? OR before.instance = ?)";
  return {
    sql: `${change} AND EXISTS (SELECT 1 FROM events AS before WHERE ${before} ${isParty})`,
    params: party === undefined ? [] : [party, party],
  };
}

/** The newest change by another that this event collides with, and of what file. */
export function collidedWith(
  db: Db,
  eventId: number,
): { other: string; detail: string } | undefined {
  return db.get<{ other: string; detail: string }>(
    `SELECT before.instance AS other, events_v.status_detail AS detail
     FROM events_v JOIN events AS before ON ${before}
     WHERE events_v.id = ? AND ${change}
     ORDER BY before.id DESC LIMIT 1`,
    eventId,
  );
}
