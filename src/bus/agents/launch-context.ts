// Adds to what is known about the launch behind a row: hooks and the wrapper do so at once.
import type { LaunchContext } from "../../core/instance.ts";
import { asObject, parseJson } from "../../core/json.ts";
import { getInstance, updateInstance } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";

export function addToLaunchContext(bus: Bus, name: string, added: LaunchContext): void {
  bus.db.write(() => {
    const row = getInstance(bus.db, name);
    if (row === undefined) return;
    const launch_context = JSON.stringify({ ...asObject(parseJson(row.launch_context)), ...added });
    updateInstance(bus.db, name, { launch_context });
  });
}
