// A channel that the whole group of machines knows. The device that made it has its settings; who
// is in it each device says of its own agents.
import { exitCode, Refusal } from "../../../core/refusal.ts";
import { findSpace } from "../../../store/channels/spaces.ts";
import { insertShared, sharedAt } from "../../../store/relay/channels.ts";
import { deviceByUuid } from "../../../store/relay/devices.ts";
import type { Bus } from "../../bus.ts";

export function shareChannel(bus: Bus, place: { space: string; channel: number }): void {
  bus.db.write(() => {
    const space = findSpace(bus.db, place.space);
    if (space === undefined) return;
    insertShared(bus.db, { space, channel: place.channel, owner: "", remoteId: place.channel });
  });
}

export interface Owner {
  /** Short id of its device; undefined = this one. */
  device: string | undefined;
  /** Epoch seconds when that device was heard last. */
  heardAt: number | undefined;
}

/** Undefined: of this device alone. */
export function ownerOf(bus: Bus, place: { space: string; channel: number }): Owner | undefined {
  const row = sharedAt(bus.db, place);
  if (row === undefined) return undefined;
  if (row.owner === "") return { device: undefined, heardAt: undefined };
  const device = deviceByUuid(bus.db, row.owner);
  return { device: device?.short ?? row.owner.slice(0, 8), heardAt: device?.synced_at };
}

/** Throws where somebody else has the say. */
export function checkOwnSettings(bus: Bus, place: { space: string; channel: number }): void {
  const device = ownerOf(bus, place)?.device;
  if (device === undefined) return;
  throw new Refusal({
    code: "not_its_owner",
    exit: exitCode.error,
    message: `the settings of this channel are those of ${device}, which made it`,
    hint: "change them on that machine",
  });
}
