// Waits until other devices have said how they are, and all that they said before is here.
import type { Bus } from "../bus/bus.ts";
import { nextWake } from "../bus/wake.ts";
import { deviceByUuid } from "../store/relay/devices.ts";

const patienceMs = 5000;

/** Short ids of those that did not. `since`: epoch seconds. */
export async function waitUntilHeard(
  bus: Bus,
  devices: readonly { uuid: string; short: string }[],
  since: number,
): Promise<string[]> {
  const deadline = bus.system.monotonic() + patienceMs;
  const silent = () => devices.filter(({ uuid }) => !isHeard(bus, uuid, since));
  const isDue = () => silent().length === 0;
  while (!isDue() && bus.system.monotonic() < deadline) await nextWake(bus, 250, { isDue });
  return silent().map((one) => one.short);
}

function isHeard(bus: Bus, uuid: string, since: number): boolean {
  const row = deviceByUuid(bus.db, uuid);
  if (row === undefined || row.gone_at !== null) return true;
  return row.synced_at >= since && (row.cursor ?? 0) >= row.head;
}
