// Reserves the row and process binding of an agent that is about to be launched.
import type { Instance } from "../../core/instance.ts";
import { setProcessBinding } from "../../store/bindings.ts";
import { getInstance, updateInstance } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";
import { reserve } from "./reserve.ts";
import { deleteQuietly } from "./stop.ts";

export interface LaunchedAs {
  tool: string;
  tag: string | null;
  directory: string;
  by: string;
  isHeadless: boolean;
  launchArgs: readonly string[];
  /** The bootstrap text travels with the launch, not with a hook. */
  isAnnounced: boolean;
  batchId?: string;
}

export interface Launched {
  row: Instance;
  processId: string;
  setLogFile(path: string): void;
}

export function prepareInstance(bus: Bus, as: LaunchedAs): Launched {
  const processId = bus.system.uuid();
  const row = bus.db.write(() => {
    const reserved = reserve(bus, {
      tool: as.tool,
      tag: as.tag,
      directory: as.directory,
      by: as.by,
      isLaunched: true,
      isHeadless: as.isHeadless,
      row: {
        launch_args: JSON.stringify(as.launchArgs),
        name_announced: as.isAnnounced ? 1 : 0,
        launch_context: JSON.stringify({ process_id: processId, batch_id: as.batchId }),
      },
    });
    const now = bus.system.now() / 1000;
    setProcessBinding(bus.db, { processId, session: null, name: reserved.name, now });
    return reserved;
  });
  return {
    row,
    processId,
    setLogFile: (path) => updateInstance(bus.db, row.name, { background_log_file: path }),
  };
}

/** The process could not be started: nothing of it stays. */
export function abandonLaunch(bus: Bus, launched: Launched): void {
  const row = getInstance(bus.db, launched.row.name);
  if (row?.principal === launched.row.principal) deleteQuietly(bus, row);
}
