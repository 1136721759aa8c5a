// Ends the process of an agent: its whole process group, gently first. A pid that was reused by a
// stranger is never touched: the start time must be the one we recorded.
import { type Instance, launchContextOf } from "../../core/instance.ts";
import {
  endGroup,
  type GroupEnd,
  isSameProcess,
  pidNamespace,
  processStart,
} from "../../sys/process.ts";
import type { Bus } from "../bus.ts";

export type KillOutcome =
  | GroupEnd
  | "no_process"
  | "stranger"
  /** It may be its own, which nobody can prove: left alone, and the agent stays on the list. */
  | "unproved";

export async function killProcess(bus: Bus, row: Instance): Promise<KillOutcome> {
  if (row.pid === null) return killWrapper(bus, row);
  if (processStart(row.pid) === undefined) return "gone";
  const start = launchContextOf(row).pid_start;
  if (start === undefined || !isSameProcess(row.pid, start)) return "stranger";
  return ended(bus, row.name, row.pid, await endGroup(row.pid));
}

/** Longer than a wrapper gives its program. */
const wrapperGraceMs = 8000;

/** A launch that has not come as far as a program: its wrapper is a group of its own. */
async function killWrapper(bus: Bus, row: Instance): Promise<KillOutcome> {
  const { wrapper_pid, wrapper_start, pid_namespace } = launchContextOf(row);
  if (wrapper_pid === undefined || wrapper_start === undefined) return "no_process";
  if (pid_namespace !== pidNamespace() || !isSameProcess(wrapper_pid, wrapper_start)) {
    return "no_process";
  }
  const outcome = await endGroup(wrapper_pid, { graceMs: wrapperGraceMs });
  return ended(bus, row.name, wrapper_pid, outcome);
}

function ended(bus: Bus, instance: string, pid: number, outcome: GroupEnd): GroupEnd {
  const msg = outcome;
  bus.system.log({ level: "info", subsystem: "bus", event: "kill", instance, pid, msg });
  return outcome;
}
