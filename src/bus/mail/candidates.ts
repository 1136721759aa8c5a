// Who can be written to: every row that takes part, as targets are matched against it.
import { isPlaceholder } from "../../core/liveness.ts";
import type { Candidate } from "../../core/names/scope.ts";
import { launchFailedDetail } from "../../core/status.ts";
import { listInstances } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";

export function candidates(bus: Bus): Candidate[] {
  return listInstances(bus.db)
    .filter((row) => row.status !== "stopped" && row.status_context !== "launch_failed")
    .filter((row) => !(isPlaceholder(row) && row.status_detail === launchFailedDetail))
    .filter((row) => !(row.status === "inactive" && row.status_context.startsWith("exit:")))
    .map((row) => ({ name: row.name, tag: row.tag, remote: row.name.includes(":") }));
}
