// Ends an agent: its participation, its process where that is asked, and the waiting of whoever
// still listens in its name.
import type { Instance } from "../../core/instance.ts";
import type { Bus } from "../bus.ts";
import { poke } from "../poke.ts";
import { type KillOutcome, killProcess } from "./kill.ts";
import { stopInstance } from "./stop.ts";

export interface EndOrder {
  by: string;
  reason: string;
  killsProcess: boolean;
}

/** What became of the process, or undefined where it was to live on. */
export async function endAgent(
  bus: Bus,
  row: Instance,
  order: EndOrder,
): Promise<KillOutcome | undefined> {
  // First out of the log: the dying session's own farewell would give another reason.
  stopInstance(bus, row.name, { by: order.by, reason: order.reason });
  const outcome = order.killsProcess ? await killProcess(bus, row) : undefined;
  await poke(bus, [row.name]);
  return outcome;
}
