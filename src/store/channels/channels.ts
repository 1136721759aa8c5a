// Rows of channels, as records. Who is in a channel is kept in `members.ts`; reading one brings
// the names along.
import type { Channel, ChannelConfig, ChannelType } from "../../core/channels/channel.ts";
import { type Extension, type Kept, shownChannel } from "../../core/channels/snapshot.ts";
import type { Db, Param } from "../db.ts";

interface ChannelRow {
  id: number;
  name: string;
  channel_type: ChannelType;
  created_at: string;
  participants: string;
  max_participants: number;
  ttl_seconds: number;
  persistence: number;
  encryption_required: number;
  ext: string | null;
}

// A time to live beyond 2^53 seconds, which documents can have, must not come as an integer.
const ownColumns = `c.id, c.name, c.type AS channel_type, c.created_at,
  c.max_participants, CAST(c.ttl_seconds AS REAL) AS ttl_seconds, c.persistence,
  c.encryption_required, c.ext`;
const columns = `${ownColumns},
  (SELECT json_group_array(participant) FROM (
    SELECT participant FROM comm_member AS m
    WHERE m.space = c.space AND m.channel = c.id ORDER BY m.pos)) AS participants`;

/** Without the participants. `endsAfter`: seconds after which its messages end by themselves. */
export function insertChannel(
  db: Db,
  space: number,
  channel: Omit<Channel, "participants">,
  { endsAfter, extension }: { endsAfter: number; extension?: Extension | undefined },
): void {
  const { config } = channel;
  db.run(
    `INSERT INTO comm_channel (space, id, name, type, created_at, max_participants, ttl_seconds,
       ends_after, persistence, encryption_required, ext)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    space,
    channel.id,
    channel.name,
    channel.channel_type,
    channel.created_at,
    config.max_participants,
    config.ttl_seconds,
    endsAfter,
    config.persistence ? 1 : 0,
    config.encryption_required ? 1 : 0,
    extension === undefined ? null : JSON.stringify(extension),
  );
}

/** Each once. */
export function channelNames(db: Db, space: number): string[] {
  return db
    .all<{ name: string }>("SELECT DISTINCT name FROM comm_channel WHERE space = ?", space)
    .map((row) => row.name);
}

/** By id. */
export function channelsIn(db: Db, space: number): Channel[] {
  return select(db, "c.space = ? ORDER BY c.id", space).map(shownChannel);
}

/** In the order in which a document is written. */
export function keptChannels(db: Db, space: number): Kept<Channel>[] {
  return select(db, "c.space = ? ORDER BY c.seq", space);
}

export function channelById(db: Db, space: number, id: number): Channel | undefined {
  const [found] = select(db, "c.space = ? AND c.id = ?", space, id);
  return found && shownChannel(found);
}

/** Its rules alone, however many are in it. */
export function channelRules(
  db: Db,
  space: number,
  id: number,
): Omit<Channel, "participants"> | undefined {
  const sql = `SELECT ${ownColumns}, '[]' AS participants FROM comm_channel AS c
    WHERE c.space = ? AND c.id = ?`;
  const row = db.get<ChannelRow>(sql, space, id);
  return row && shownChannel(keptOf(row));
}

/** Of several with one name the one with the lowest id. */
export function channelByName(
  db: Db,
  space: number,
  name: string,
  type?: ChannelType,
): Channel | undefined {
  const where = "c.space = ? AND c.name = ? AND c.type = coalesce(?, c.type) ORDER BY c.id LIMIT 1";
  const [found] = select(db, where, space, name, type ?? null);
  return found && shownChannel(found);
}

/** Lowest first. */
export function idsOfName(db: Db, space: number, name: string): number[] {
  const sql = "SELECT id FROM comm_channel WHERE space = ? AND name = ? ORDER BY id";
  return db.all<{ id: number }>(sql, space, name).map((row) => row.id);
}

/** Seconds after which its messages end by themselves; 0 = never, or no such channel. */
export function endsAfterOf(db: Db, space: number, id: number): number {
  const row = db.get<{ ends_after: number }>(
    `SELECT CAST(ends_after AS REAL) AS ends_after FROM comm_channel WHERE space = ? AND id = ?`,
    space,
    id,
  );
  return row?.ends_after ?? 0;
}

export function setConfig(
  db: Db,
  place: { space: number; id: number },
  config: ChannelConfig,
  endsAfter: number,
): void {
  const { space, id } = place;
  db.run(
    `UPDATE comm_channel SET max_participants = ?, ttl_seconds = ?, ends_after = ?,
       persistence = ?, encryption_required = ? WHERE space = ? AND id = ?`,
    config.max_participants,
    config.ttl_seconds,
    endsAfter,
    config.persistence ? 1 : 0,
    config.encryption_required ? 1 : 0,
    space,
    id,
  );
}

function select(db: Db, where: string, ...params: Param[]): Kept<Channel>[] {
  const rows = db.all<ChannelRow>(
    `SELECT ${columns} FROM comm_channel AS c WHERE ${where}`,
    ...params,
  );
  return rows.map(keptOf);
}

function keptOf(row: ChannelRow): Kept<Channel> {
  return {
    record: {
      id: row.id,
      name: row.name,
      channel_type: row.channel_type,
      created_at: row.created_at,
      participants: JSON.parse(row.participants) as string[],
      config: {
        max_participants: row.max_participants,
        ttl_seconds: row.ttl_seconds,
        persistence: row.persistence === 1,
        encryption_required: row.encryption_required === 1,
      },
    },
    ...(row.ext === null ? {} : { extension: JSON.parse(row.ext) as Extension }),
  };
}
