// Searching texts: exactly those that contain the query after lower-casing of both, newest first.
// Two ways that find the same: the index for rare texts, and for frequent or very short ones a
// walk from the newest that stops when enough is found.
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import { contentMatches } from "../../core/channels/comm-store.ts";
import type { Db } from "../db.ts";
import { candidateBodies, contentsOf } from "./bodies.ts";
import {
  type MessageRow,
  messageColumns,
  messageOfRow,
  messageTables,
  nowKey,
  rowLimit,
} from "./messages.ts";

export interface SearchQuery {
  space: number;
  lowered: string;
  limit: number;
  nowMs: number;
  /** Without what has outlived its channel's time to live, even where that ends nothing. */
  isLive: boolean;
}

export function searchMessages(db: Db, query: SearchQuery): ChannelMessage[] {
  if (!(query.limit > 0)) return [];
  const candidates = candidateBodies(db, query.lowered, mostCandidates);
  return candidates === undefined
    ? walk(db, query)
    : byBodies(db, query, matching(db, candidates, query.lowered));
}

const mostCandidates = 2_000;

/** Texts that are looked at together: an indexed one has up to 128 KiB, a long one 1 MiB. */
const batch = 512;
const longBatch = 32;

function matching(db: Db, ids: readonly number[], lowered: string): number[] {
  const found: number[] = [];
  for (let at = 0; at < ids.length; at += longBatch) {
    for (const { id, content } of contentsOf(db, ids.slice(at, at + longBatch))) {
      if (contentMatches(content, lowered)) found.push(id);
    }
  }
  return found;
}

function aliveBy(column: string): string {
  return `NOT EXISTS (SELECT 1 FROM comm_channel AS c
    WHERE c.space = m.space AND c.id = m.channel AND c.${column} > 0
      AND m.ts_ns < ?2 - c.${column} * 1000000000)`;
}

function lifeColumn({ isLive }: SearchQuery): "ttl_seconds" | "ends_after" {
  return isLive ? "ttl_seconds" : "ends_after";
}

/** Spares the walk a look at every message's channel where none lets messages end. */
function aliveIn(db: Db, query: SearchQuery): string {
  const column = lifeColumn(query);
  const ends = `SELECT 1 FROM comm_channel WHERE space = ? AND ${column} > 0 LIMIT 1`;
  return db.get(ends, query.space) === undefined ? "?2 IS NOT NULL" : aliveBy(column);
}

function byBodies(db: Db, query: SearchQuery, bodies: readonly number[]): ChannelMessage[] {
  if (bodies.length === 0) return [];
  const rows = db.all<MessageRow>(
    `SELECT ${messageColumns} FROM ${messageTables}
     WHERE m.space = ?1 AND ${aliveBy(lifeColumn(query))}
       AND m.body IN (SELECT value FROM json_each(?3))
     ORDER BY m.ts_ns DESC, m.id DESC LIMIT ?4`,
    query.space,
    nowKey(query.nowMs),
    JSON.stringify(bodies),
    rowLimit(query.limit),
  );
  return rows.map(messageOfRow);
}

interface Step {
  seq: number;
  body: number;
  /** Null: too long to come along. */
  content: string | null;
}

function walk(db: Db, query: SearchQuery): ChannelMessage[] {
  const found: number[] = [];
  const verdicts = new Map<number, boolean>();
  const alive = aliveIn(db, query);
  let last = newest(db, query.space);
  let isFirst = true;
  while (last !== undefined && found.length < query.limit) {
    const steps = nextSteps(db, query, { alive, comparison: isFirst ? "<=" : "<", last });
    for (const step of steps) {
      if (verdictOn(db, step, query.lowered, verdicts)) found.push(step.seq);
    }
    last = steps.length < batch ? undefined : steps.at(-1)?.seq;
    isFirst = false;
  }
  return bySeq(db, found.slice(0, Math.ceil(query.limit)));
}

function newest(db: Db, space: number): number | undefined {
  const sql = "SELECT seq FROM comm_message WHERE space = ? ORDER BY ts_ns DESC, id DESC LIMIT 1";
  return db.get<{ seq: number }>(sql, space)?.seq;
}

function nextSteps(
  db: Db,
  query: SearchQuery,
  from: { alive: string; comparison: "<" | "<="; last: number },
): Step[] {
  return db.all<Step>(
    `SELECT m.seq, m.body, iif(b.is_indexed, b.content, NULL) AS content
     FROM ${messageTables}
     WHERE m.space = ?1 AND ${from.alive}
       AND (m.ts_ns, m.id) ${from.comparison} (SELECT ts_ns, id FROM comm_message WHERE seq = ?3)
     ORDER BY m.ts_ns DESC, m.id DESC LIMIT ${batch}`,
    query.space,
    nowKey(query.nowMs),
    from.last,
  );
}

/** Copies of one message share its text, which is looked at once. */
function verdictOn(db: Db, step: Step, lowered: string, verdicts: Map<number, boolean>): boolean {
  const known = verdicts.get(step.body);
  if (known !== undefined) return known;
  const content = step.content ?? contentsOf(db, [step.body])[0]?.content ?? "";
  const verdict = contentMatches(content, lowered);
  verdicts.set(step.body, verdict);
  return verdict;
}

function bySeq(db: Db, seqs: readonly number[]): ChannelMessage[] {
  const rows = db.all<MessageRow>(
    `SELECT ${messageColumns} FROM ${messageTables}
     WHERE m.seq IN (SELECT value FROM json_each(?)) ORDER BY m.ts_ns DESC, m.id DESC`,
    JSON.stringify(seqs),
  );
  return rows.map(messageOfRow);
}
