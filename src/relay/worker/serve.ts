// What a device does for another one. Reading the log is done here; all else by our own program as
// a child, as its owner would call it, so that every verb exists once.
import type { RelayConfig } from "../../config/relay.ts";
import { asNumber } from "../../core/json.ts";
import { eventJson } from "../../core/relay/payload.ts";
import type { Request } from "../../core/relay/request.ts";
import { getEvent } from "../../store/events.ts";
import { outgoingEvents } from "../../store/relay/outgoing.ts";
import { eventOf, eventsFor } from "./publish.ts";
import type { Station } from "./station.ts";

export interface Served {
  ok: boolean;
  result: unknown;
}

/** What others may ask for here besides what they missed. */
export function capabilitiesOf(config: RelayConfig): readonly string[] {
  return config.remoteControl === "messages" ? [] : ["relay_off"];
}

export async function serve(station: Station, request: Request): Promise<Served> {
  switch (request.action) {
    case "events_range":
      return { ok: true, result: eventsFor(station.bus, rangeOf(request)) };
    case "event_part":
      return eventPart(station, request);
    default:
      return refused(`${station.self.short} does not know the action ${request.action}`);
  }
}

function refused(error: string): Served {
  return { ok: false, result: { error } };
}

function rangeOf({ params }: Request): { after: number; budget: number } {
  const budget = Math.min(60_000, Math.max(1000, asNumber(params["max_bytes"]) ?? 60_000));
  return { after: Math.max(0, asNumber(params["after"]) ?? 0), budget };
}

/** A piece of the JSON of one event that went out cut. */
function eventPart({ bus }: Station, { params }: Request): Served {
  const id = asNumber(params["id"]) ?? 0;
  const isOut = outgoingEvents(bus.db, { after: id - 1, upTo: id, limit: 1 }).length > 0;
  const row = isOut ? getEvent(bus.db, id) : undefined;
  const event = row === undefined ? undefined : eventOf(row);
  if (event === undefined) return refused(`there is no event #${id}`);
  const text = JSON.stringify(eventJson(event));
  const offset = Math.max(0, asNumber(params["offset"]) ?? 0);
  const length = Math.min(40_000, Math.max(1, asNumber(params["length"]) ?? 40_000));
  return { ok: true, result: { text: text.slice(offset, offset + length), total: text.length } };
}
