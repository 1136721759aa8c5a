// The launched process that runs us, and the instance that it belongs to.
import type { Instance } from "../../core/instance.ts";
import { processBinding } from "../../store/bindings.ts";
import { getInstance } from "../../store/instances.ts";
import type { System } from "../../sys/system.ts";
import type { Bus } from "../bus.ts";

/** The launch's id in the environment; an empty one is none. */
export function processIdOf(env: System["env"]): string | undefined {
  return env["HCOM_PROCESS_ID"] || undefined;
}

export function instanceOfProcess(bus: Bus, processId: string): Instance | undefined {
  const binding = processBinding(bus.db, processId);
  return binding === undefined ? undefined : getInstance(bus.db, binding.instance_name);
}
