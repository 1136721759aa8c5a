// Appends one event to the log, stamped with the time of the bus.
import type { NewEvent } from "../core/event.ts";
import { appendEvent, isoTime } from "../store/events.ts";
import type { Bus } from "./bus.ts";

/** Returns the id the log gave. Call inside the transaction that also changes the projection. */
export function append(bus: Bus, event: NewEvent): number {
  return appendEvent(bus.db, {
    type: event.type,
    instance: event.instance,
    data: event.data,
    timestamp: isoTime(bus.system.now()),
  });
}
