// Who can be written to: every row that takes part, as targets are matched against it.

import type { Instance } from "../../core/instance.ts";
import { isPlaceholder } from "../../core/liveness.ts";
import type { Candidate } from "../../core/mail/scope.ts";
import { isAdHoc } from "../../core/names/ad-hoc.ts";
import { launchFailedDetail } from "../../core/status.ts";
import { listInstances } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";

export function candidates(bus: Bus): Candidate[] {
  return listInstances(bus.db)
    .filter((row) => row.status !== "stopped" && row.status_context !== "launch_failed")
    .filter((row) => !(isPlaceholder(row) && row.status_detail === launchFailedDetail))
    .filter((row) => isAdHoc(row) || !hasLeft(row))
    .map((row) => ({
      name: row.name,
      tag: row.tag,
      remote: row.name.includes(":"),
      directory: row.directory,
    }));
}

/** An ad-hoc agent is between two commands whenever it does not listen. */
function hasLeft(row: Instance): boolean {
  return row.status === "inactive" && row.status_context.startsWith("exit:");
}
