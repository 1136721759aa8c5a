// Agents of the program whose log was taken over, as far as their processes still run: they go on
// writing in their own way, and nothing of ours is in them.
import { asList, asNumber, asObject, asText, parseJson } from "../../core/json.ts";
import { getKv } from "../../store/kv.ts";
import { processStart } from "../../sys/process.ts";
import type { Bus } from "../bus.ts";

export function earlierAgents(bus: Bus): { name: string; pid: number }[] {
  const known = getKv(bus.db, "taken_over");
  if (known === undefined) return [];
  return asList(asObject(parseJson(known))["running"]).flatMap((entry) => {
    const { name, pid } = asObject(entry);
    const id = asNumber(pid);
    if (id === undefined || processStart(id) === undefined) return [];
    return [{ name: asText(name) ?? "", pid: id }];
  });
}
