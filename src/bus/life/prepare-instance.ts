// Reserves the row and process binding of an agent that is about to be launched.

import { type AgentSnapshot, snapshotIn } from "../../core/events/life.ts";
import type { Instance } from "../../core/instance.ts";
import { fullName } from "../../core/names/address.ts";
import { Refusal } from "../../core/refusal.ts";
import { setProcessBinding } from "../../store/bindings.ts";
import { latestStopped, latestStoppedBySession } from "../../store/events.ts";
import { getInstance, instanceBySession, updateInstance } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";
import { ownSession, reserveFromSnapshot } from "./binding/bind.ts";
import { reserve } from "./binding/reserve.ts";
import type { Origin } from "./origin.ts";
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
  /** Whose conversation it takes up. */
  origin?: (Origin & { as: "resume" | "fork" }) | undefined;
  /** Whose name and mail it takes over, in a conversation of its own. */
  heir?: AgentSnapshot | undefined;
}

export interface Launched {
  row: Instance;
  processId: string;
  setLogFile(path: string): void;
}

export function prepareInstance(bus: Bus, as: LaunchedAs): Launched {
  const processId = bus.system.uuid();
  const row = bus.db.write(() => {
    checkNotTaken(bus, as);
    const reserved =
      resumed(bus, as, processId) ?? succeeded(bus, as, processId) ?? fresh(bus, as, processId);
    if (as.origin?.as === "resume") {
      ownSession(bus, reserved.name, { session: as.origin.session, processId: undefined });
    }
    const now = bus.system.now() / 1000;
    const session = as.origin?.as === "resume" ? as.origin.session : null;
    setProcessBinding(bus.db, { processId, session, name: reserved.name, now });
    return getInstance(bus.db, reserved.name) ?? reserved;
  });
  return {
    row,
    processId,
    setLogFile: (path) => updateInstance(bus.db, row.name, { background_log_file: path }),
  };
}

/** Two who resume one session at once: the second one comes too late. */
function checkNotTaken(bus: Bus, { origin }: LaunchedAs): void {
  if (origin?.as !== "resume") return;
  const holder = instanceBySession(bus.db, origin.session);
  if (holder === undefined) return;
  throw new Refusal({
    code: "still_runs",
    message: `${fullName(holder)} has taken up this session already`,
    hint: `look: hcom list ${fullName(holder)}`,
  });
}

function fresh(bus: Bus, as: LaunchedAs, processId: string): Instance {
  const forkedFrom = as.origin?.as === "fork" ? as.origin.principal : undefined;
  return reserve(bus, {
    tool: as.tool,
    tag: as.tag,
    directory: as.directory,
    by: as.by,
    isLaunched: true,
    isHeadless: as.isHeadless,
    ...(forkedFrom === undefined ? {} : { forkedFrom }),
    row: ofLaunch(as, processId),
  });
}

/** The same agent again, with the mail that waited: its session is known before it speaks. */
function resumed(bus: Bus, as: LaunchedAs, processId: string): Instance | undefined {
  if (as.origin?.as !== "resume" || as.origin.name === undefined) return undefined;
  const { name: wanted, session } = as.origin;
  // Under one name several sessions may have lived.
  const ofSession = snapshotIn(latestStoppedBySession(bus.db, session));
  const last = snapshotIn(latestStopped(bus.db, wanted));
  const snapshot = ofSession?.name === wanted ? ofSession : last;
  if (snapshot === undefined) return undefined;
  const { name } = reserveFromSnapshot(bus, snapshot, {
    directory: as.directory,
    tag: as.tag,
    by: as.by,
    isLaunched: true,
    isHeadless: as.isHeadless,
    row: ofLaunch(as, processId),
  });
  return getInstance(bus.db, name);
}

function succeeded(bus: Bus, as: LaunchedAs, processId: string): Instance | undefined {
  if (as.heir === undefined) return undefined;
  return reserveFromSnapshot(bus, as.heir, {
    tool: as.tool,
    directory: as.directory,
    tag: as.tag,
    by: as.by,
    isLaunched: true,
    isHeadless: as.isHeadless,
    row: { ...ofLaunch(as, processId), transcript_path: "" },
  });
}

function ofLaunch(as: LaunchedAs, processId: string): Partial<Instance> {
  return {
    launch_args: JSON.stringify(as.launchArgs),
    name_announced: as.isAnnounced ? 1 : 0,
    launch_context: JSON.stringify({ process_id: processId, batch_id: as.batchId }),
  };
}

/** The process could not be started: nothing of it stays. */
export function abandonLaunch(bus: Bus, launched: Launched): void {
  const row = getInstance(bus.db, launched.row.name);
  if (row?.principal === launched.row.principal) deleteQuietly(bus, row);
}
