// Agents of the program whose log was taken over, as far as their processes still run: they go on
// writing in their own way, and nothing of ours is in them.
import { type Instance, launchContextOf } from "../../core/instance.ts";
import { asList, asNumber, asObject, asText, parseJson } from "../../core/json.ts";
import { getKv } from "../../store/kv.ts";
import { mayBeOf } from "../../sys/process.ts";
import type { Bus } from "../bus.ts";

export function earlierAgents(bus: Bus): { name: string; pid: number }[] {
  const known = getKv(bus.db, "taken_over");
  if (known === undefined) return [];
  return asList(asObject(parseJson(known))["running"]).flatMap((entry) => {
    const { name, pid, begun, seen } = asObject(entry);
    const id = asNumber(pid);
    const times = { begun: asNumber(begun) ?? 0, seen: asNumber(seen) ?? Number.MAX_VALUE };
    if (id === undefined || !mayBeOf(id, times)) return [];
    return [{ name: asText(name) ?? "", pid: id }];
  });
}

/** As it was before it was taken over. */
export function takenOverFrom(bus: Bus): { schema: number; archive: string } | null {
  const { schema, archive } = asObject(parseJson(getKv(bus.db, "taken_over") ?? ""));
  const [version, folder] = [asNumber(schema), asText(archive)];
  return version === undefined || folder === undefined
    ? null
    : { schema: version, archive: folder };
}

/**
 * An agent of an earlier program whose process may still run. That wrote down no start time, so
 * nobody can prove that the number is still its own: it is not ours to end.
 */
export function mayRunUnproved(row: Instance): boolean {
  if (row.pid === null || launchContextOf(row).pid_start !== undefined) return false;
  return mayBeOf(row.pid, {
    begun: row.created_at,
    seen: Math.max(row.status_time, row.last_stop, row.last_seen),
  });
}
