// Rows of messages, as records: writing them, and reading them in the order of (time, id).
// Searching their texts is in `search.ts`, what somebody has not read yet in `unread.ts`.
import type { ChannelMessage, MessageType } from "../../core/channels/channel-message.ts";
import type { Extension, Kept } from "../../core/channels/snapshot.ts";
import { type Moment, nanosOf } from "../../core/channels/timestamp.ts";
import type { Db, Param } from "../db.ts";

export interface NewMessage extends Omit<ChannelMessage, "content" | "acknowledged_by"> {
  space: number;
  body: number;
  extension?: Extension | undefined;
}

export type Copy = Pick<ChannelMessage, "recipient" | "timestamp">;

/**
 * One row for each copy, with ids that follow each other. Returns the last row's own number,
 * by which acknowledgements are added.
 */
export function insertCopies(
  db: Db,
  message: Omit<NewMessage, "recipient" | "timestamp">,
  copies: readonly Copy[],
): number {
  const metadata = JSON.stringify(message.metadata);
  const extension = message.extension === undefined ? null : JSON.stringify(message.extension);
  let seq = 0;
  for (const [at, { recipient, timestamp }] of copies.entries()) {
    seq = db.run(
      `INSERT INTO comm_message (space, id, channel, sender, recipient, body, type, ts, ts_ns,
         signature, metadata, ext) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      message.space,
      message.id + at,
      message.channel_id,
      message.sender,
      recipient,
      message.body,
      message.message_type,
      timestamp,
      sortKey(timestamp),
      message.signature,
      metadata === "{}" ? null : metadata,
      extension,
    ).id;
  }
  return seq;
}

/** The event that carried these copies, which follow each other. */
export function setEvent(
  db: Db,
  copies: { space: number; firstId: number; count: number },
  eventId: number,
): void {
  db.run(
    "UPDATE comm_message SET event_id = ? WHERE space = ? AND id >= ? AND id < ?",
    eventId,
    copies.space,
    copies.firstId,
    copies.firstId + copies.count,
  );
}

/** The second time changes nothing; false when the message already has it. */
export function insertAck(db: Db, message: number, who: string, at: string | null): boolean {
  const { changes } = db.run(
    `INSERT INTO comm_ack (message, pos, who, at)
     SELECT ?1, coalesce(max(pos), 0) + 1, ?2, ?3 FROM comm_ack WHERE message = ?1
     HAVING NOT EXISTS (SELECT 1 FROM comm_ack WHERE message = ?1 AND who = ?2)`,
    message,
    who,
    at,
  );
  if (changes > 0) setAcknowledged(db, message);
  return changes > 0;
}

/** As `acknowledgedIn` of core/channels/snapshot.ts. */
function setAcknowledged(db: Db, message: number): void {
  db.run(
    `UPDATE comm_message SET ext = json_set(ext, '$.status', 'Acknowledged')
     WHERE seq = ? AND json_extract(ext, '$.status') IS NOT NULL`,
    message,
  );
}

const lowest = -(2n ** 63n);
const highest = 2n ** 63n - 1n;

/** What a row is ordered by. A time that cannot be read is as old as 1970. */
export function sortKey(timestamp: string): bigint {
  return clamped(nanosOf(timestamp) ?? 0n);
}

export function momentOfKey(key: bigint): Moment {
  const nanos = ((key % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return { ms: Number((key - nanos) / 1_000_000n), nanos: Number(nanos) };
}

/** Epoch milliseconds in the unit of the sort key. */
export function nowKey(nowMs: number): bigint {
  return clamped(BigInt(Math.ceil(nowMs)) * 1_000_000n);
}

function clamped(nanos: bigint): bigint {
  if (nanos < lowest) return lowest;
  return nanos > highest ? highest : nanos;
}

/** What is older is gone. */
export function oldestAlive(ttlSeconds: number, nowMs: number): bigint {
  if (ttlSeconds === 0) return lowest;
  return clamped((BigInt(Math.ceil(nowMs)) - BigInt(Math.ceil(ttlSeconds)) * 1000n) * 1_000_000n);
}

export interface MessageRow extends Omit<ChannelMessage, "metadata" | "acknowledged_by"> {
  metadata: string | null;
  acknowledged_by: string;
}

/** Of `comm_message AS m` and `comm_body AS b`. */
export const messageColumns = `m.id, m.channel AS channel_id, m.sender, m.recipient, b.content,
  m.type AS message_type, m.ts AS timestamp, m.metadata, m.signature,
  (SELECT json_group_array(who) FROM (
    SELECT who FROM comm_ack AS a WHERE a.message = m.seq ORDER BY a.pos)) AS acknowledged_by`;

export const messageTables = "comm_message AS m JOIN comm_body AS b ON b.id = m.body";

export function messageOfRow(row: MessageRow): ChannelMessage {
  return {
    id: row.id,
    channel_id: row.channel_id,
    sender: row.sender,
    recipient: row.recipient,
    content: row.content,
    message_type: row.message_type,
    timestamp: row.timestamp,
    metadata: row.metadata === null ? {} : (JSON.parse(row.metadata) as Record<string, string>),
    signature: row.signature,
    acknowledged_by:
      row.acknowledged_by === "[]" ? [] : (JSON.parse(row.acknowledged_by) as string[]),
  };
}

/** Times as sort keys, inclusive. */
export interface HistoryQuery {
  since: bigint;
  before?: bigint | undefined;
  sender?: string | undefined;
  type?: MessageType | undefined;
  /** What is for everybody or for this one. */
  recipient?: string | undefined;
  limit?: number | undefined;
  isBackwards?: boolean | undefined;
}

export function history(
  db: Db,
  space: number,
  channel: number,
  query: HistoryQuery,
): ChannelMessage[] {
  const where = ["m.space = ? AND m.channel = ? AND m.ts_ns >= ?"];
  const params: Param[] = [space, channel, query.since];
  const add = (condition: string, value: Param | undefined) => {
    if (value === undefined) return;
    where.push(condition);
    params.push(value);
  };
  add("m.ts_ns <= ?", query.before);
  add("m.sender = ?", query.sender);
  add("m.type = ?", query.type);
  add("(m.recipient IS NULL OR m.recipient = ?)", query.recipient);
  const order = query.isBackwards ? "DESC" : "ASC";
  const rows = db.all<MessageRow>(
    `SELECT ${messageColumns} FROM ${messageTables} WHERE ${where.join(" AND ")}
     ORDER BY m.ts_ns ${order}, m.id ${order} LIMIT ?`,
    ...params,
    rowLimit(query.limit),
  );
  return rows.map(messageOfRow);
}

/** From that sort key on. */
export function countInChannel(db: Db, space: number, channel: number, since: bigint): number {
  const row = db.get<{ n: number }>(
    "SELECT count(*) AS n FROM comm_message WHERE space = ? AND channel = ? AND ts_ns >= ?",
    space,
    channel,
    since,
  );
  return row?.n ?? 0;
}

export function countOlder(
  db: Db,
  where: { space: number; channel: number; oldest: bigint },
): number {
  const row = db.get<{ n: number }>(
    "SELECT count(*) AS n FROM comm_message WHERE space = ? AND channel = ? AND ts_ns < ?",
    where.space,
    where.channel,
    where.oldest,
  );
  return row?.n ?? 0;
}

/** SQLite takes a negative limit for none, and rejects fractions. */
export function rowLimit(limit: number | undefined): number {
  if (limit === undefined || limit === Number.POSITIVE_INFINITY) return -1;
  return limit > 0 ? Math.ceil(limit) : 0;
}

/** Whether it is gone by now depends on its channel: `endsAfter` is that channel's. */
export function messageById(
  db: Db,
  space: number,
  id: number,
): { seq: number; sortKey: bigint; endsAfter: number; record: ChannelMessage } | undefined {
  const row = db.get<MessageRow & { seq: number; key: string; endsAfter: number }>(
    `SELECT ${messageColumns}, m.seq, CAST(m.ts_ns AS TEXT) AS key,
       CAST(coalesce(c.ends_after, 0) AS REAL) AS endsAfter
     FROM ${messageTables} LEFT JOIN comm_channel AS c ON c.space = m.space AND c.id = m.channel
     WHERE m.space = ? AND m.id = ?`,
    space,
    id,
  );
  if (row === undefined) return undefined;
  const { seq, endsAfter } = row;
  return { seq, sortKey: BigInt(row.key), endsAfter, record: messageOfRow(row) };
}

/** In the order in which a document is written. */
export function keptMessages(db: Db, space: number): Kept<ChannelMessage>[] {
  const rows = db.all<MessageRow & { ext: string | null }>(
    `SELECT ${messageColumns}, m.ext FROM ${messageTables} WHERE m.space = ? ORDER BY m.seq`,
    space,
  );
  return rows.map((row) => ({
    record: messageOfRow(row),
    ...(row.ext === null ? {} : { extension: JSON.parse(row.ext) as Extension }),
  }));
}

/** Without those that are gone by now. */
export function countMessages(db: Db, space: number, nowMs: number): number {
  const row = db.get<{ n: number }>(
    `SELECT (SELECT count(*) FROM comm_message WHERE space = ?1) -
       (SELECT coalesce(sum((SELECT count(*) FROM comm_message AS m WHERE m.space = c.space
           AND m.channel = c.id AND m.ts_ns < ?2 - c.ends_after * 1000000000)), 0)
         FROM comm_channel AS c WHERE c.space = ?1 AND c.ends_after > 0) AS n`,
    space,
    nowKey(nowMs),
  );
  return row?.n ?? 0;
}

/** The last time in the space that is not later than that; undefined when there is none. */
export function lastSortKey(db: Db, space: number, most: bigint): bigint | undefined {
  const row = db.get<{ key: string }>(
    `SELECT CAST(ts_ns AS TEXT) AS key FROM comm_message
     WHERE space = ? AND ts_ns <= ? ORDER BY ts_ns DESC LIMIT 1`,
    space,
    most,
  );
  return row && BigInt(row.key);
}

/** All of them as they are given, for a message that has none yet. */
export function insertAcks(db: Db, message: number, names: readonly string[]): void {
  for (const [at, who] of names.entries()) {
    db.run("INSERT INTO comm_ack (message, pos, who) VALUES (?, ?, ?)", message, at + 1, who);
  }
}
