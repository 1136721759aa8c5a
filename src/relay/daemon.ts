// Starts and ends the worker, and waits until it can be said how that went.
import type { Bus } from "../bus/bus.ts";
import { readRelay } from "../config/relay.ts";
import type { Health } from "../core/relay/health.ts";
import { isSameProcess } from "../sys/process.ts";
import { health, isRunning, readRuntime, removeRuntime, startWorker } from "./runtime.ts";

export type Stopped = "stopped" | "killed" | "not_running";

const stopMs = 5000;
const pollMs = 20;

export async function stopWorker(bus: Bus): Promise<{ how: Stopped; pid?: number }> {
  const runtime = readRuntime(bus);
  if (runtime === undefined || !isSameProcess(runtime.pid, runtime.start)) {
    removeRuntime(bus);
    return { how: "not_running" };
  }
  const { pid, start } = runtime;
  process.kill(pid, "SIGTERM");
  const hasEnded = await within(stopMs, () => !isSameProcess(pid, start));
  if (!hasEnded) process.kill(pid, "SIGKILL");
  removeRuntime(bus);
  return { how: hasEnded ? "stopped" : "killed", pid };
}

/** Starts one where none runs; waits until it is connected, has failed, or the time is over. */
export async function ensureWorker(bus: Bus, waitMs: number): Promise<Health> {
  const now = () => health(bus, readRelay(bus.paths));
  const kind = now().kind;
  if (kind === "not_configured" || kind === "disabled") return now();
  if (!isRunning(bus)) {
    removeRuntime(bus);
    startWorker(bus);
  }
  await within(waitMs, () => ["connected", "error"].includes(now().kind));
  return now();
}

async function within(ms: number, isDone: () => boolean): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!isDone()) {
    if (performance.now() > deadline) return false;
    await Bun.sleep(pollMs);
  }
  return true;
}
