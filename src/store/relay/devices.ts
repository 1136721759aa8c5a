// The devices of our group, as their own words and the envelopes around them showed them. Times
// are epoch seconds.
import type { Db } from "../db.ts";

/** In `kv`: our own short id, as the group knows it. */
export const ownShortKey = "relay_own_short";

export interface DeviceRow {
  uuid: string;
  short: string;
  /** JSON array; null = an older program that does not say. */
  capabilities: string | null;
  max_packet: number | null;
  has_ledger: number;
  first_seen: number;
  synced_at: number;
  watermark: number;
  reset_at: number;
  /** Its last event that is here; null = none was taken yet. */
  cursor: number | null;
  /** Its last event that we know of. */
  head: number;
  skew: number;
  /** Number of its last receipt that is here. */
  seen: number;
  /** Which log of its the numbers are of. */
  epoch: string;
  /** It said good-bye then. */
  gone_at: number | null;
}

/** Who was heard last comes first. */
export function listDevices(db: Db): DeviceRow[] {
  return db.all<DeviceRow>("SELECT * FROM relay_devices ORDER BY synced_at DESC, uuid");
}

export function deviceByUuid(db: Db, uuid: string): DeviceRow | undefined {
  return db.get<DeviceRow>("SELECT * FROM relay_devices WHERE uuid = ?", uuid);
}

export function deviceByShort(db: Db, short: string): DeviceRow | undefined {
  return db.get<DeviceRow>("SELECT * FROM relay_devices WHERE short = ?", short.toUpperCase());
}

export function putDevice(db: Db, row: DeviceRow): void {
  db.run(
    `INSERT OR REPLACE INTO relay_devices (uuid, short, capabilities, max_packet, has_ledger,
       first_seen, synced_at, watermark, reset_at, cursor, head, skew, seen, epoch, gone_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.uuid,
    row.short,
    row.capabilities,
    row.max_packet,
    row.has_ledger,
    row.first_seen,
    row.synced_at,
    row.watermark,
    row.reset_at,
    row.cursor,
    row.head,
    row.skew,
    row.seen,
    row.epoch,
    row.gone_at,
  );
}

export function setDeviceCursor(db: Db, uuid: string, cursor: number): void {
  db.run("UPDATE relay_devices SET cursor = ?, head = max(head, ?1) WHERE uuid = ?", cursor, uuid);
}

/** Agents of that device are no longer in our lists. */
export function removeAgentsOf(db: Db, uuid: string): number {
  return db.run("DELETE FROM instances WHERE origin_device_id = ?", uuid).changes;
}

/** Of a device that is not heard of: they may come back. */
export function markAgentsAway(db: Db, uuid: string, now: number): number {
  return db.run(
    `UPDATE instances SET status = 'inactive', status_context = 'device_away', status_detail = '',
       status_time = ? WHERE origin_device_id = ? AND status_context <> 'device_away'`,
    now,
    uuid,
  ).changes;
}

/** What came from it is forgotten: its log began anew, and so do its numbers. */
export function forgetEventsOf(db: Db, uuid: string): void {
  db.run("DELETE FROM relay_origins WHERE device = ?", uuid);
  db.run("UPDATE relay_devices SET cursor = 0, head = 0 WHERE uuid = ?", uuid);
}

/** Another group: nothing of the old one's devices stays. What they said stays in the log. */
export function forgetGroup(db: Db): void {
  db.write(() => {
    db.run("DELETE FROM instances WHERE origin_device_id <> ''");
    for (const table of ["devices", "origins", "receipts", "requests", "answers"]) {
      db.run(`DELETE FROM relay_${table}`);
    }
    db.run("DELETE FROM kv WHERE key >= 'relay_' AND key < 'relay`'");
  });
}
