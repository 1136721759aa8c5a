// Waits until the worker has sent what was asked for.
import type { Bus } from "../bus/bus.ts";
import { nextWake } from "../bus/wake.ts";
import { getRequest } from "../store/relay/requests.ts";
import { ensureWorker } from "./daemon.ts";

const patienceMs = 5000;

/** How many of them have left. */
export async function awaitPublished(bus: Bus, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const deadline = bus.system.monotonic() + patienceMs;
  await ensureWorker(bus, patienceMs);
  const sent = () => ids.filter((id) => getRequest(bus.db, id)?.published_at != null).length;
  while (sent() < ids.length && bus.system.monotonic() < deadline) {
    await nextWake(bus, 250, { isDue: () => sent() === ids.length });
  }
  return sent();
}
