// Wakes whoever has just been sent something: agents that no wrapper watches over, and the loopback
// ports that older waiters registered. Sending writes no port: it costs nothing when nobody waits
// that way.
import { pruneEndpoint, wakeEndpoints } from "../../../store/endpoints.ts";
import type { Bus } from "../../bus.ts";
import { catchUpAlone } from "./catch-up-alone.ts";
import { wakeAlone } from "./wake-alone.ts";

const connectMs = 50;

/** Wakes the given instances, or all. Resolves when every port was tried. */
export async function poke(bus: Bus, names?: readonly string[]): Promise<void> {
  const endpoints = wakeEndpoints(bus.db, names === undefined ? undefined : [...names]);
  await Promise.all([
    wakeAlone(bus, names),
    catchUpAlone(bus),
    ...endpoints.map(async (endpoint) => {
      if (await touch(endpoint.port)) return;
      pruneEndpoint(bus.db, endpoint);
    }),
  ]);
}

// Bun calls neither open nor close for a refused port: only `connectError` and the rejection.
function touch(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), connectMs);
    const finish = (isThere: boolean) => {
      clearTimeout(timer);
      resolve(isThere);
    };
    Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        open: (socket) => {
          socket.end();
          finish(true);
        },
        data: () => {},
        connectError: () => finish(false),
      },
    }).catch(() => finish(false));
  });
}
