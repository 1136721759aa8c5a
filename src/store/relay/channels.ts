// Channels that all devices of the group know, and their members on other devices: rows of a
// channel like those of here, with `<device>/<name>` behind them.
import type { ChannelType } from "../../core/channels/channel.ts";
import type { Db } from "../db.ts";

export interface SharedRow {
  space: number;
  spaceKey: string;
  channel: number;
  /** Uuid of the device that made it; "" = this one. */
  owner: string;
  remoteId: number;
  name: string;
  type: ChannelType;
  createdAt: string;
  max: number;
  ttl: number;
}

const columns = `r.space, s.key AS spaceKey, r.channel, r.owner, r.remote_id AS remoteId, c.name,
  c.type, c.created_at AS createdAt, c.max_participants AS max, CAST(c.ends_after AS REAL) AS ttl
  FROM relay_channels AS r JOIN comm_space AS s ON s.id = r.space
  JOIN comm_channel AS c ON c.space = r.space AND c.id = r.channel`;

export function insertShared(
  db: Db,
  row: Pick<SharedRow, "space" | "channel" | "owner" | "remoteId">,
): void {
  db.run(
    "INSERT OR IGNORE INTO relay_channels (space, channel, owner, remote_id) VALUES (?, ?, ?, ?)",
    row.space,
    row.channel,
    row.owner,
    row.remoteId,
  );
}

export function listShared(db: Db): SharedRow[] {
  return db.all<SharedRow>(`SELECT ${columns} ORDER BY r.space, r.channel`);
}

export function sharedAt(db: Db, place: { space: string; channel: number }): SharedRow | undefined {
  const where = "WHERE s.key = ? AND r.channel = ?";
  return db.get<SharedRow>(`SELECT ${columns} ${where}`, place.space, place.channel);
}

export function sharedOf(db: Db, owner: string, remoteId: number): SharedRow | undefined {
  const where = "WHERE r.owner = ? AND r.remote_id = ?";
  return db.get<SharedRow>(`SELECT ${columns} ${where}`, owner, remoteId);
}

/** Agents of this device that are in it. */
export function ownMembers(db: Db, { space, channel }: SharedRow): string[] {
  return db
    .all<{ name: string }>(
      `SELECT i.name FROM comm_member AS m JOIN instances AS i ON i.principal = m.principal
       WHERE m.space = ? AND m.channel = ? AND i.origin_device_id = '' ORDER BY m.pos`,
      space,
      channel,
    )
    .map((row) => row.name);
}

/** Names under which agents of that device are in it. */
export function membersFrom(db: Db, { space, channel }: SharedRow, device: string): string[] {
  return db
    .all<{ participant: string }>(
      `SELECT participant FROM comm_member WHERE space = ? AND channel = ? AND principal LIKE ?`,
      space,
      channel,
      `${device}/%`,
    )
    .map((row) => row.participant);
}

/** The group is another one: what was said stays, and those who said it elsewhere are gone. */
export function leaveSharedChannels(db: Db): void {
  db.run("DELETE FROM comm_member WHERE participant LIKE '%:%' AND principal LIKE '%/%'");
  db.run("DELETE FROM relay_channels");
}
