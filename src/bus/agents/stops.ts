// Who has stopped, when and why: read from the log, since their rows are gone.

import { asObject, asText, parseJson } from "../../core/json.ts";
import { limits } from "../../core/liveness.ts";
import { fullName } from "../../core/names/address.ts";
import { isoTime } from "../../store/events.ts";
import { stopEvents } from "../../store/history.ts";
import { aliveNames } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";
import { snapshotIn } from "./bind.ts";

export interface Stop {
  name: string;
  tool: string;
  tag: string | null;
  /** Seconds. */
  age: number;
  reason: string;
  by: string;
  directory: string;
  session_id: string | null;
}

/** Within the last ten minutes, newest first, without those who are back. */
export function recentStops(bus: Bus): Stop[] {
  const since = isoTime(bus.system.now() - limits.recentlyStopped * 1000);
  const alive = new Set(aliveNames(bus.db));
  const seen = new Set<string>();
  return stopsOf(bus, { since, limit: 200 }).filter((stop) => {
    const isNew = !seen.has(stop.name) && !alive.has(stop.name);
    seen.add(stop.name);
    return isNew;
  });
}

export function stopHistory(bus: Bus, wanted: { name: string | undefined; last: number }): Stop[] {
  return stopsOf(bus, { name: wanted.name, limit: wanted.last });
}

function stopsOf(
  bus: Bus,
  wanted: { name?: string | undefined; since?: string; limit: number },
): Stop[] {
  return stopEvents(bus.db, wanted).flatMap((row) => {
    const snapshot = snapshotIn(row.data);
    if (snapshot === undefined) return [];
    const life = asObject(parseJson(row.data));
    return [
      {
        name: fullName(snapshot),
        tool: snapshot.tool,
        tag: snapshot.tag,
        age: (bus.system.now() - Date.parse(row.timestamp)) / 1000,
        reason: asText(life["reason"]) ?? "",
        by: asText(life["by"]) ?? "",
        directory: snapshot.directory ?? "",
        session_id: snapshot.session_id,
      },
    ];
  });
}
