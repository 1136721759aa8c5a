// Who has stopped, when and why: read from the log, since their rows are gone.

import type { EventRow } from "../../core/event.ts";
import { hadProgram } from "../../core/events/end-words.ts";
import { snapshotIn } from "../../core/events/life.ts";
import { asObject, asText, parseJson } from "../../core/json.ts";
import { limits } from "../../core/liveness.ts";
import { fullName } from "../../core/names/address.ts";
import { isoTime, latestStoppedBySession, recentlyStopped } from "../../store/events.ts";
import { countStops, stopEvents } from "../../store/history.ts";
import { aliveNames } from "../../store/instances.ts";
import { stoppedByName } from "../agents/stopped.ts";
import type { Bus } from "../bus.ts";

export interface Stop {
  name: string;
  base_name: string;
  tool: string;
  tag: string | null;
  /** Seconds. */
  age: number;
  reason: string;
  by: string;
  /** Of ours to end, as far as the log tells. */
  had_program: boolean;
  directory: string;
  session_id: string | null;
  transcript_path: string;
}

/**
 * Within the last ten minutes, newest first, without those who are back, and without runs that
 * ended with their answer: nobody misses them.
 */
export function recentStops(bus: Bus): Stop[] {
  const since = isoTime(bus.system.now() - limits.recentlyStopped * 1000);
  const alive = new Set(aliveNames(bus.db));
  return recentlyStopped(bus.db, since)
    .filter((row) => !alive.has(row.instance))
    .filter((row) => asObject(parseJson(row.data))["one_shot"] !== true)
    .map((row) => stopOf(bus, row));
}

/**
 * Newest first, and how many there are in all; a name is read as it is written, base or full. A
 * session tells of the life that it was.
 */
export function stopHistory(
  bus: Bus,
  { name: written, last }: { name: string | undefined; last: number },
): { stops: Stop[]; total: number } {
  const name = written === undefined ? undefined : (stoppedByName(bus, written)?.name ?? written);
  if (written !== undefined && name === written) {
    const ofSession = latestStoppedBySession(bus.db, written);
    if (ofSession !== undefined) return { stops: [stopOf(bus, ofSession)], total: 1 };
  }
  const rows = stopEvents(bus.db, { name, limit: last });
  const total = rows.length < last ? rows.length : countStops(bus.db, name);
  return { stops: rows.map((row) => stopOf(bus, row)), total };
}

function stopOf(bus: Bus, row: EventRow): Stop {
  const life = asObject(parseJson(row.data));
  // Earlier programs did not always say what the agent was.
  const known = snapshotIn(row);
  const snapshot = known ?? { name: row.instance, tag: null, tool: "", session_id: null };
  return {
    name: fullName(snapshot),
    base_name: snapshot.name,
    tool: snapshot.tool,
    tag: snapshot.tag,
    age: (bus.system.now() - Date.parse(row.timestamp)) / 1000,
    reason: asText(life["reason"]) ?? "",
    by: asText(life["by"]) ?? "",
    had_program: hadProgram(life),
    directory: known?.directory ?? "",
    session_id: snapshot.session_id,
    transcript_path: known?.transcript_path ?? "",
  };
}
