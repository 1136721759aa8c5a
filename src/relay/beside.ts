// What commands that are not about the relay want of it: who else is in the group, and a worker
// that carries what they wrote. Loaded by them only when there is somebody on another device.
import type { Bus } from "../bus/bus.ts";
import { readRelay } from "../config/relay.ts";
import { awayAfter } from "../core/relay/device.ts";
import { listInstances } from "../store/instances.ts";
import { listDevices } from "../store/relay/devices.ts";
import { type Home, isRunning, startWorker } from "./runtime.ts";

/** Nobody waits for it. */
export function nudgeWorker(bus: Home): void {
  const setup = readRelay(bus.paths);
  if (setup.kind !== "ready" || !setup.config.isEnabled || isRunning(bus)) return;
  startWorker(bus);
}

export interface Peer {
  short: string;
  uuid: string;
  presence: "online" | "away" | "left";
  /** Seconds since it was heard. */
  age: number;
  agents: number;
  /** Seconds by which its clock is ahead, where that is worth a word. */
  skew: number | undefined;
}

/** A request that is a minute off is refused. */
const notableSkew = 30;

/** The other devices of the group, who was heard last first. */
export function peers(bus: Bus): Peer[] {
  const now = bus.system.now() / 1000;
  const rows = listInstances(bus.db);
  return listDevices(bus.db).map((one) => {
    const age = Math.max(0, now - one.synced_at);
    return {
      short: one.short,
      uuid: one.uuid,
      presence: presenceOf(one.gone_at, age),
      age,
      agents: rows.filter((row) => row.origin_device_id === one.uuid).length,
      skew: Math.abs(one.skew) > notableSkew ? one.skew : undefined,
    };
  });
}

function presenceOf(goneAt: number | null, age: number): Peer["presence"] {
  if (goneAt !== null) return "left";
  return age < awayAfter ? "online" : "away";
}
