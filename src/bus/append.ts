// Appends one event to the log, stamped with the time of the bus.
import type { NewEvent } from "../core/event.ts";
import { appendEvent, isoTime } from "../store/events.ts";
import type { Bus } from "./bus.ts";
import { letIn, stirAll, stirNamed } from "./gate.ts";

/** Returns the id the log gave. Call inside the transaction that also changes the projection. */
export function append(bus: Bus, event: NewEvent): number {
  const id = appendEvent(bus.db, {
    type: event.type,
    instance: event.instance,
    data: event.data,
    timestamp: isoTime(bus.system.now()),
  });
  openGates(bus, event, id);
  return id;
}

function openGates(bus: Bus, event: NewEvent, id: number): void {
  const { db } = bus;
  if (event.type === "life") db.afterCommit("let in", () => letIn(bus));
  const concerned = concernedBy(event);
  if (concerned === "all") db.afterCommit("stir", () => stirAll(bus));
  else if (concerned.length > 0) db.afterCommit(`stir ${id}`, () => stirNamed(bus, concerned));
}

/** Whose hook in the middle of a turn may have something to do because of it? */
function concernedBy(event: NewEvent): "all" | readonly string[] {
  if (event.type === "status") return event.data.status === "blocked" ? [event.instance] : [];
  if (event.type !== "message") return [];
  const { scope, mentions } = event.data;
  return scope === "mentions" && mentions !== undefined ? mentions : "all";
}
