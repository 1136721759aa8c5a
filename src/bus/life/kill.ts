// Ends the process of an agent: its whole process group, gently first. A pid that was reused by a
// stranger is never touched: the start time must be the one we recorded.
import { type Instance, launchContextOf } from "../../core/instance.ts";
import { endGroup, type GroupEnd, isSameProcess, processStart } from "../../sys/process.ts";
import type { Bus } from "../bus.ts";

export type KillOutcome = GroupEnd | "no_process" | "stranger";

export async function killProcess(bus: Bus, row: Instance): Promise<KillOutcome> {
  if (row.pid === null) return "no_process";
  if (processStart(row.pid) === undefined) return "gone";
  const start = launchContextOf(row).pid_start;
  if (start === undefined || !isSameProcess(row.pid, start)) return "stranger";
  const outcome = await endGroup(row.pid);
  bus.system.log({
    level: "info",
    subsystem: "bus",
    event: "kill",
    instance: row.name,
    pid: row.pid,
    msg: outcome,
  });
  return outcome;
}
