// A space of the live store behind the same door as a document: each change is one transaction, and
// those whom it tells something are woken when it is there.
import type { Snapshot } from "../../core/channels/snapshot.ts";
import type { System } from "../../sys/system.ts";
import { type Bus, lookAfter, openBus, reopenIfReplaced } from "../bus.ts";
import { poke } from "../mail/waking/poke.ts";
import type { StoreAccess } from "./access.ts";
import { asCaller } from "./as-caller.ts";
import { liveForAgents } from "./live-for-agents.ts";

export interface BusStoreAccess extends StoreAccess {
  bus: Bus;
}

export function openBusStore(system: System, space: string): BusStoreAccess {
  const bus = openBus(system, { writer: "channels" });
  const { read, write, ...access } = accessTo(bus, space, "just opened");
  const care = lookAfter(bus);
  return {
    ...access,
    read,
    write: (body) => write((store) => body(asCaller(bus, store))),
    [Symbol.dispose]() {
      care[Symbol.dispose]();
      bus[Symbol.dispose]();
    },
  };
}

/** On a bus that somebody else closes, for who has found out already who acts. */
export function accessTo(bus: Bus, space: string, since?: "just opened"): BusStoreAccess {
  const { store, wake } = liveForAgents(bus, space);
  // Asking costs 2 ms the first time, and a command asks for one thing and ends.
  let isFresh = since === "just opened";
  const keepCurrent = () => {
    if (!isFresh) reopenIfReplaced(bus);
    isFresh = false;
  };
  return {
    bus,
    location: { kind: "bus", space },
    read: async (body) => {
      keepCurrent();
      return bus.db.read(() => body(store));
    },
    write: async (body) => {
      keepCurrent();
      const result = bus.db.write(() => body(store));
      await wake();
      return result;
    },
    [Symbol.dispose]: () => {},
  };
}

export async function importIntoBus(
  system: System,
  space: string,
  given: { snapshot: Snapshot; origin: string },
) {
  const { importSnapshot } = await import("./spaces.ts");
  using bus = openBus(system, { writer: "channels" });
  const report = importSnapshot(bus, space, given.snapshot, given.origin);
  await poke(bus);
  return report;
}

export async function exportFromBus(system: System, space: string): Promise<Snapshot> {
  const { exportSpace } = await import("./spaces.ts");
  using bus = openBus(system, { writer: "channels" });
  return exportSpace(bus, space);
}
