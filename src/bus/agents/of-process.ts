// The instance that a launched process belongs to.
import type { Instance } from "../../core/instance.ts";
import { processBinding } from "../../store/bindings.ts";
import { getInstance } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";

export function instanceOfProcess(bus: Bus, processId: string): Instance | undefined {
  const binding = processBinding(bus.db, processId);
  return binding === undefined ? undefined : getInstance(bus.db, binding.instance_name);
}
