// Waits until the broker has everything that is to go out.
import type { Bus } from "../bus/bus.ts";
import { nextWake } from "../bus/wake.ts";
import { countOutgoing } from "../store/relay/outgoing.ts";
import { pushedUpTo } from "./worker/publish.ts";

const patienceMs = 10_000;

export async function waitUntilSent(bus: Bus): Promise<boolean> {
  const deadline = bus.system.monotonic() + patienceMs;
  const isSent = () => countOutgoing(bus.db, pushedUpTo(bus)) === 0;
  while (!isSent() && bus.system.monotonic() < deadline)
    await nextWake(bus, 250, { isDue: isSent });
  return isSent();
}
