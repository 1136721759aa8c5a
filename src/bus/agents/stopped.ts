// What is known about an agent that has stopped: the snapshot that its last life left in the log.
import { type Snapshot, snapshotIn } from "../../core/events/life.ts";
import { splitFullName } from "../../core/names/address.ts";
import { latestStopped } from "../../store/events.ts";
import type { Bus } from "../bus.ts";
import { bareName } from "./identity.ts";

/** By base or display name, as it is written. */
export function stoppedByName(bus: Bus, written: string): Snapshot | undefined {
  const name = bareName(written);
  const readings = [{ tag: undefined, base: name }, ...splitFullName(name)];
  for (const { tag, base } of readings) {
    const found = snapshotIn(latestStopped(bus.db, base));
    if (found !== undefined && (tag === undefined || found.tag === tag)) return found;
  }
  return undefined;
}
