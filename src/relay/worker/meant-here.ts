// Whom a message of another device means here: an agent may have another name by now, or be gone.
import type { Bus } from "../../bus/bus.ts";
import { human, type Instance } from "../../core/instance.ts";
import { asTexts } from "../../core/json.ts";
import { renamedAway } from "../../store/agents/rename.ts";
import { getInstance, instanceByPrincipal } from "../../store/instances.ts";
import { addReceipt } from "../../store/relay/receipts.ts";

/** By the name that its sender knew: who got another one meanwhile has the mail all the same. */
export function agentHere(bus: Bus, name: string): Instance | undefined {
  if (name.includes(":")) return undefined;
  const row = getInstance(bus.db, name);
  if (row !== undefined) return row.origin_device_id === "" ? row : undefined;
  const renamed = renamedAway(bus.db, name);
  return renamed === undefined ? undefined : instanceByPrincipal(bus.db, renamed.principal);
}

/** Those that its sender has a line for and that do not get it: it would wait for ever. */
export function sayMissing(
  bus: Bus,
  data: Readonly<Record<string, unknown>>,
  said: { device: string; remoteId: number; here: readonly string[]; why: string },
): void {
  const meant = new Set([...asTexts(data["mentions"]), ...asTexts(data["delivered_to"])]);
  const at = bus.system.now() / 1000;
  const { device, remoteId: id, why } = said;
  for (const name of meant) {
    if (name.includes(":") || name === human) continue;
    const row = agentHere(bus, name);
    if (row !== undefined && said.here.includes(row.name)) continue;
    addReceipt(bus.db, { device, id, name, state: "dead", at, why });
  }
}
