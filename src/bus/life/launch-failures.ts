// The launches of the last hour that never became a session, and why.
import { asObject, asText, parseJson } from "../../core/json.ts";
import { isoTime } from "../../store/events.ts";
import { failedLaunches } from "../../store/history.ts";
import type { Bus } from "../bus.ts";

export interface LaunchFailure {
  name: string;
  ts: string;
  reason: string;
  /** As far as it is known: an exit code, the end of its screen. */
  detail: string;
  batch_id: string | null;
}

const recentMs = 3_600_000;
const most = 5;

/** Newest first. */
export function launchFailures(bus: Bus): LaunchFailure[] {
  const since = isoTime(bus.system.now() - recentMs);
  return failedLaunches(bus.db, { since, limit: most }).map((row) => {
    const data = asObject(parseJson(row.data));
    return {
      name: row.instance,
      ts: row.timestamp,
      reason: asText(data["reason"]) ?? "",
      detail: asText(data["detail"]) ?? "",
      batch_id: asText(data["batch_id"]) ?? null,
    };
  });
}
