// Does the wrapper of an agent run, whatever its row says? Where its pid means anything here.
import type { Instance } from "../../core/instance.ts";
import { asNumber, asObject, asText, parseJson } from "../../core/json.ts";
import { isSameProcess, pidNamespace } from "../../sys/process.ts";

/** Suspended at a shell it beats no more, and may go on any day. */
export function isProvenAlive(row: Instance): boolean {
  const context = asObject(parseJson(row.launch_context));
  const wrapper = asNumber(context["wrapper_pid"]);
  const start = asText(context["wrapper_start"]);
  if (wrapper === undefined || start === undefined) return false;
  return context["pid_namespace"] === pidNamespace() && isSameProcess(wrapper, start);
}
