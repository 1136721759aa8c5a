// A program that runs on without taking part comes back: under its name and with its mail where
// those are free, else as somebody new. Its wrapper and its hooks notice by themselves.
import { snapshotIn } from "../../../core/events/life.ts";
import type { Instance } from "../../../core/instance.ts";
import { setProcessBinding } from "../../../store/bindings.ts";
import { latestStopped } from "../../../store/events.ts";
import { getInstance, updateInstance } from "../../../store/instances.ts";
import { pidNamespace } from "../../../sys/process.ts";
import { addToLaunchContext } from "../../agents/launch-context.ts";
import { setStatus } from "../../agents/set-status.ts";
import { append } from "../../append.ts";
import type { Bus } from "../../bus.ts";
import { ownSession, reserveFromSnapshot } from "../binding/bind.ts";
import { reserve } from "../binding/reserve.ts";

export interface Orphan {
  /** As it was called last. */
  name: string;
  tool: string;
  pid: number;
  pidStart: string;
  /** What its launch gave it. */
  processId: string;
  session: string | undefined;
  directory: string;
}

export function adopt(bus: Bus, orphan: Orphan, by: string): Instance {
  return bus.db.write(() => {
    const row = cameBack(bus, orphan, by);
    const now = bus.system.now() / 1000;
    const { processId, session } = orphan;
    setProcessBinding(bus.db, { processId, session: session ?? null, name: row.name, now });
    if (session !== undefined) ownSession(bus, row.name, { session, processId });
    updateInstance(bus.db, row.name, { name_announced: 1, pid: orphan.pid });
    // A pid alone may be another's by the time that somebody ends it.
    addToLaunchContext(bus, row.name, {
      process_id: processId,
      pid_start: orphan.pidStart,
      pid_namespace: pidNamespace(),
      // It still listens for the bell that it was told of.
      ...(session !== undefined && row.name === orphan.name ? { bell: "1" } : {}),
    });
    setStatus(bus, row.name, { status: "listening", context: "recovered", writer: "start" });
    append(bus, {
      type: "life",
      instance: row.name,
      data: { action: "started", by, tool: orphan.tool, reason: "orphan_recover" },
    });
    return getInstance(bus.db, row.name) ?? row;
  });
}

function cameBack(bus: Bus, { name, tool, directory }: Orphan, by: string): Instance {
  const now = { tool, directory, by, isLaunched: true };
  if (getInstance(bus.db, name) !== undefined) return reserve(bus, now);
  const snapshot = snapshotIn(latestStopped(bus.db, name));
  return snapshot === undefined
    ? reserve(bus, { ...now, name })
    : reserveFromSnapshot(bus, snapshot, now);
}
