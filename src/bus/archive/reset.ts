// The log begins anew: nobody takes part any more, all that was said goes to the archive, and the
// first event of the new log says so. Channels and what is known of other devices stay.
import { launchContextOf } from "../../core/instance.ts";
import { archiveAndClear } from "../../store/archive.ts";
import { boundSessions } from "../../store/bindings.ts";
import { isBlank } from "../../store/history.ts";
import { listInstances } from "../../store/instances.ts";
import { countOldLog } from "../../store/open/old-logs.ts";
import { readText } from "../../sys/files.ts";
import { isSameProcess } from "../../sys/process.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";
import { letOut } from "../gate.ts";
import { poke } from "../mail/waking/poke.ts";

export interface ResetPlan {
  events: number;
  /** Who takes part at this moment, with the process that will go on without hcom. */
  agents: { name: string; directory: string; pid: number | null }[];
}

export function planReset(bus: Bus): ResetPlan {
  const own = listInstances(bus.db).filter((row) => row.origin_device_id === "");
  return {
    events: countOldLog(bus.db).events,
    agents: own.map((row) => {
      const start = launchContextOf(row).pid_start;
      const runs = row.pid !== null && start !== undefined && isSameProcess(row.pid, start);
      return { name: row.name, directory: row.directory ?? "", pid: runs ? row.pid : null };
    }),
  };
}

/**
 * The folder with what was there; undefined when there was nothing. In one transaction: where the
 * copy fails everybody goes on as before.
 */
export async function resetLog(bus: Bus, by: string): Promise<string | undefined> {
  if (isBlank(bus.db)) return undefined;
  const device = readText(bus.paths.deviceId)?.trim() || "unknown";
  const sessions = boundSessions(bus.db);
  const archive = archiveAndClear(bus.db, bus.system.now(), () => {
    append(bus, { type: "life", instance: "_device", data: { action: "reset", by, device } });
  });
  for (const session of sessions) letOut(bus, session);
  await poke(bus);
  return archive;
}
