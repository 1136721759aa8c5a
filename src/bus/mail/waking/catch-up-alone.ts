// Wrappers tell of events as they come. Where none runs, whoever writes to the log does, and who
// waits in it. Nothing of it is loaded while nobody has asked for anything.

import { Refusal } from "../../../core/refusal.ts";
import { hasWrapper } from "../../../store/instances.ts";
import { hasKeyIn } from "../../../store/kv.ts";
import { hasOwnSql, untoldSince } from "../../../store/subscriptions.ts";
import type { Bus } from "../../bus.ts";

/** A wrapper that is alive has told by then; one that was killed never will. */
const wrapperTakesMs = 2000;

export async function catchUpAlone(bus: Bus): Promise<void> {
  if (!hasKeyIn(bus.db, "events_sub:", "events_sub;")) return;
  const since = untoldSince(bus.db);
  if (since === undefined) return;
  const isFresh = bus.system.now() - Date.parse(since) < wrapperTakesMs;
  if (isFresh && hasWrapper(bus.db)) return;
  await catchUpNow(bus);
}

/** A hook waits for nobody's SQL: that is told by the next command, listener or wrapper. */
export async function catchUpFromHook(bus: Bus): Promise<void> {
  if (!hasOwnSql(bus.db)) await catchUpAlone(bus);
}

/** As a wrapper does it; nobody is left asleep. */
async function catchUpNow(bus: Bus): Promise<void> {
  const { catchUp } = await import("./catch-up.ts");
  const told = unlessBusy(() => catchUp(bus));
  if (told.length === 0) return;
  const { wakeAlone } = await import("./wake-alone.ts");
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
