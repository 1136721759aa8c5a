// Rows of who is in a channel, in the order of joining: behind which name which principal is, how
// soon it wants to hear, and how far it has read.
import type { ChannelType } from "../../core/channels/channel.ts";
import type { WakePolicy } from "../../core/channels/wake-policy.ts";
import type { Db } from "../db.ts";

export interface MemberKey {
  space: number;
  channel: number;
  participant: string;
}

export interface Member {
  participant: string;
  principal: string | null;
  wake: WakePolicy;
}

/** What it has read starts with what there is: mail from before is history. */
export function insertMember(db: Db, place: MemberKey, principal: string | null): void {
  db.run(
    `INSERT INTO comm_member (space, channel, pos, participant, principal, cursor_id)
     VALUES (?1, ?2,
       (SELECT coalesce(max(pos), 0) + 1 FROM comm_member WHERE space = ?1 AND channel = ?2),
       ?3, ?4, (SELECT next_message - 1 FROM comm_space WHERE id = ?1))`,
    place.space,
    place.channel,
    place.participant,
    principal,
  );
}

/** The first of that name; false when there is none. */
export function deleteMember(db: Db, place: MemberKey): boolean {
  const { changes } = db.run(
    `DELETE FROM comm_member WHERE space = ?1 AND channel = ?2 AND pos = (
       SELECT min(pos) FROM comm_member WHERE space = ?1 AND channel = ?2 AND participant = ?3)`,
    place.space,
    place.channel,
    place.participant,
  );
  return changes > 0;
}

/** Undefined when nobody of that name is in it. */
export function principalOfMember(db: Db, place: MemberKey): string | null | undefined {
  const sql = `SELECT principal FROM comm_member
    WHERE space = ? AND channel = ? AND participant = ? ORDER BY pos LIMIT 1`;
  const { space, channel, participant } = place;
  return db.get<{ principal: string | null }>(sql, space, channel, participant)?.principal;
}

export function isMember(db: Db, place: MemberKey): boolean {
  return (
    db.get(
      "SELECT 1 FROM comm_member WHERE space = ? AND channel = ? AND participant = ? LIMIT 1",
      place.space,
      place.channel,
      place.participant,
    ) !== undefined
  );
}

export function membersOf(db: Db, space: number, channel: number): Member[] {
  return db.all<Member>(
    `SELECT participant, principal, wake FROM comm_member
     WHERE space = ? AND channel = ? ORDER BY pos`,
    space,
    channel,
  );
}

/** Its names stay in the channels and among the subscribers, with nobody behind them. */
export function releaseNamesOf(db: Db, principal: string): void {
  db.run("UPDATE comm_member SET principal = NULL WHERE principal = ?", principal);
  db.run("UPDATE comm_subscription SET principal = NULL WHERE principal = ?", principal);
}

/** Over all channels of the space, or in one of them. */
export function countMembers(db: Db, space: number, channel?: number): number {
  const sql = "SELECT count(*) AS n FROM comm_member WHERE space = ?";
  const found =
    channel === undefined
      ? db.get<{ n: number }>(sql, space)
      : db.get<{ n: number }>(`${sql} AND channel = ?`, space, channel);
  return found?.n ?? 0;
}

/** false when nobody of that name is in it. */
export function setMemberWake(db: Db, place: MemberKey, wake: WakePolicy): boolean {
  return updateMember(db, "wake = ?", wake, place);
}

export function setMemberPrincipal(db: Db, place: MemberKey, principal: string): boolean {
  return updateMember(db, "principal = ?", principal, place);
}

/** Only forward. */
export function setMemberCursor(db: Db, place: MemberKey, messageId: number): boolean {
  return updateMember(db, "cursor_id = max(cursor_id, ?)", messageId, place);
}

function updateMember(db: Db, change: string, value: string | number, place: MemberKey): boolean {
  const { changes } = db.run(
    `UPDATE comm_member SET ${change} WHERE space = ? AND channel = ? AND participant = ?`,
    value,
    place.space,
    place.channel,
    place.participant,
  );
  return changes > 0;
}

export function memberCursor(db: Db, place: MemberKey): number | undefined {
  return db.get<{ cursor_id: number }>(
    `SELECT cursor_id FROM comm_member
     WHERE space = ? AND channel = ? AND participant = ? ORDER BY pos LIMIT 1`,
    place.space,
    place.channel,
    place.participant,
  )?.cursor_id;
}

export interface Membership extends MemberKey {
  spaceKey: string;
  name: string;
  type: ChannelType;
  wake: WakePolicy;
  cursor: number;
  /** Seconds after which its messages end by themselves; 0 = never. */
  endsAfter: number;
}

export function membershipsOf(db: Db, principal: string): Membership[] {
  return db.all<Membership>(
    `SELECT m.space, s.key AS spaceKey, m.channel, c.name, c.type, m.participant, m.wake,
       m.cursor_id AS cursor, CAST(c.ends_after AS REAL) AS endsAfter
     FROM comm_member AS m
     JOIN comm_space AS s ON s.id = m.space
     JOIN comm_channel AS c ON c.space = m.space AND c.id = m.channel
     WHERE m.principal = ? ORDER BY m.space, m.channel, m.pos`,
    principal,
  );
}

/** How far a subscriber who is no member has read there; 0 = nothing. */
export function readerCursor(db: Db, place: MemberKey): number {
  const row = db.get<{ cursor_id: number }>(
    "SELECT cursor_id FROM comm_cursor WHERE space = ? AND channel = ? AND participant = ?",
    place.space,
    place.channel,
    place.participant,
  );
  return row?.cursor_id ?? 0;
}

export function setReaderCursor(db: Db, place: MemberKey, messageId: number): void {
  db.run(
    `INSERT INTO comm_cursor (space, channel, participant, cursor_id) VALUES (?, ?, ?, ?)
     ON CONFLICT (space, channel, participant)
     DO UPDATE SET cursor_id = max(cursor_id, excluded.cursor_id)`,
    place.space,
    place.channel,
    place.participant,
    messageId,
  );
}
