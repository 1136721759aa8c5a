// Is an agent's process gone for sure? A wrapper that was killed with its agent could not say
// goodbye, and its row would look alive until its heartbeat is old.
import { type Instance, isOneShot, launchContextOf } from "../../core/instance.ts";
import { asNumber, asObject, asText, parseJson } from "../../core/json.ts";
import { isSameProcess, pidNamespace } from "../../sys/process.ts";
import { mayRunUnproved } from "../agents/earlier.ts";
import type { Bus } from "../bus.ts";

/** Seconds; a wrapper beats more often, so that nobody healthy is ever looked up. */
const quiet = 20;

/** Asked by somebody who waits for the answer: a beat of a moment ago proves nothing then. */
export function proveDeadNow(bus: Bus, row: Instance): boolean {
  const { wrapper_pid, pid_start } = launchContextOf(row);
  // Of an earlier program, which wrote down neither: a mere look buries nobody of it.
  if (row.pid !== null && wrapper_pid === undefined && pid_start === undefined) {
    return !mayRunUnproved(row);
  }
  return isProvenDead(bus, { ...row, last_stop: 0 });
}

/** Both the wrapper and the agent, where this process can see their pids at all. */
export function isProvenDead(bus: Bus, row: Instance): boolean {
  if (row.pid === null) return false;
  const context = asObject(parseJson(row.launch_context));
  const wrapper = asNumber(context["wrapper_pid"]);
  // Where nobody beats, a late beat says nothing.
  const isQuiet = bus.system.now() / 1000 - row.last_stop >= quiet;
  if (!isQuiet && !isOneShot(row)) return false;
  const wrapperStart = asText(context["wrapper_start"]);
  const start = asText(context["pid_start"]);
  if (wrapper === undefined || wrapperStart === undefined || start === undefined) return false;
  if (context["pid_namespace"] !== pidNamespace()) return false;
  return !isSameProcess(wrapper, wrapperStart) && !isSameProcess(row.pid, start);
}
