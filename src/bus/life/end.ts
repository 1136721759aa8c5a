// Ends an agent: its participation, and its process where that is asked. Whoever still listens in
// its name notices that the log has changed.
import type { Instance } from "../../core/instance.ts";
import { mayRunUnproved } from "../agents/earlier.ts";
import type { Bus } from "../bus.ts";
import { catchUpAlone } from "../mail/waking/catch-up-alone.ts";
import { type KillOutcome, killProcess } from "./kill.ts";
import { closePane } from "./pane.ts";
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
  if (order.killsProcess && mayRunUnproved(row)) return "unproved";
  // First out of the log: the dying session's own farewell would give another reason.
  stopInstance(bus, row.name, { by: order.by, reason: order.reason });
  const outcome = order.killsProcess ? await killProcess(bus, row) : undefined;
  // Of a process that was gone before the pane may have another tenant by now.
  if (outcome === "ended" || outcome === "forced") await closePane(bus, row);
  await catchUpAlone(bus);
  return outcome;
}
