// Wrappers tell of events as they come. Where none runs, whoever writes to the log does, and who
// waits in it. Nothing of it is loaded while nobody has asked for anything.

import { Refusal } from "../../core/refusal.ts";
import { hasWrapper } from "../../store/instances.ts";
import { hasKeyIn } from "../../store/kv.ts";
import type { Bus } from "../bus.ts";

export async function catchUpAlone(bus: Bus): Promise<void> {
  if (!hasKeyIn(bus.db, "events_sub:", "events_sub;") || hasWrapper(bus.db)) return;
  await catchUpNow(bus);
}

/** As a wrapper does it; nobody is left asleep. */
async function catchUpNow(bus: Bus): Promise<void> {
  const { catchUp } = await import("./catch-up.ts");
  const told = unlessBusy(() => catchUp(bus));
  if (told.length === 0) return;
  const { wakeAlone } = await import("../mail/wake-alone.ts");
  await wakeAlone(bus, told);
}

/** What the caller came for is done: whoever writes next tells the rest. */
function unlessBusy(work: () => string[]): string[] {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal && error.code.startsWith("database_")) return [];
    throw error;
  }
}
