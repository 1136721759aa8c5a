// What was said in a shared channel, with where it came from: for devices that were not there yet.
// `at` is the time of its first event, the same on all devices; `ts` is when it came in here.
import type { Db } from "../db.ts";
import type { SharedRow } from "./channels.ts";

export interface PostRow {
  from: string;
  text: string;
  type: string;
  ts: string;
  at: string;
  /** Uuid of the device where it was said; null: this one. */
  device: string | null;
  /** Of its event there; 0 = of none that is known. */
  id: number;
}

type Place = Pick<SharedRow, "space" | "channel">;

/** `DEVICE/EVENT` and the time, of what was brought as history itself. */
export const broughtAs = { origin: "_history", at: "_said" } as const;

const brought = `json_extract(m.metadata, '$.${broughtAs.origin}')`;
const at = `coalesce(e.timestamp, json_extract(m.metadata, '$.${broughtAs.at}'), m.ts)`;
const from = "coalesce(json_extract(e.data, '$.from'), m.sender)";
const id = `coalesce(json_extract(e.data, '$._relay.id'), m.event_id,
  CAST(substr(${brought}, instr(${brought}, '/') + 1) AS INTEGER), 0)`;
const tables = "comm_message AS m LEFT JOIN events AS e ON e.id = m.event_id";

/** Newest first, between two sort keys. */
export function postsOf(
  db: Db,
  place: Place,
  range: { since: bigint; before: bigint; limit: number },
): PostRow[] {
  return db.all<PostRow>(
    `SELECT ${from} AS "from", b.content AS text, m.type, m.ts, ${at} AS at, ${id} AS id,
       coalesce(json_extract(e.data, '$._relay.device'),
         substr(${brought}, 1, instr(${brought}, '/') - 1)) AS device
     FROM ${tables} JOIN comm_body AS b ON b.id = m.body
     WHERE m.space = ? AND m.channel = ? AND m.ts_ns >= ? AND m.ts_ns <= ?
     ORDER BY m.ts_ns DESC, m.id DESC LIMIT ?`,
    place.space,
    place.channel,
    range.since,
    range.before,
    range.limit,
  );
}

/** By `postKey`. */
export function knownPosts(db: Db, { space, channel }: Place): Set<string> {
  const rows = db.all<Pick<PostRow, "from" | "at" | "id">>(
    `SELECT ${from} AS "from", ${at} AS at, ${id} AS id
     FROM ${tables} WHERE m.space = ? AND m.channel = ?`,
    space,
    channel,
  );
  return new Set(rows.map(postKey));
}

/** The same on every device, whatever log it is in. */
export function postKey(post: Pick<PostRow, "from" | "at" | "id">): string {
  return `${post.at} ${post.from} ${post.id}`;
}

/** Time of the oldest one that was brought from another device. */
export function oldestBrought(db: Db, { space, channel }: Place): string | undefined {
  return db.get<{ ts: string }>(
    `SELECT ts FROM comm_message AS m WHERE space = ? AND channel = ? AND metadata IS NOT NULL
       AND ${brought} IS NOT NULL ORDER BY ts_ns LIMIT 1`,
    space,
    channel,
  )?.ts;
}
