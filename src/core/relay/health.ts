// How the worker that talks to the broker is, from what can be seen of it without asking it.

export interface Signs {
  isConfigured: boolean;
  isEnabled: boolean;
  /** As the worker wrote it last. */
  status: "ok" | "error" | "connecting" | "disconnected" | undefined;
  error: string | undefined;
  /** Of the process that wrote it; undefined when nothing is written. */
  worker: { pid: number; isAlive: boolean } | undefined;
  /** Seconds since it gave a sign of life; undefined before the first. */
  heartbeatAge: number | undefined;
}

export type Health =
  | { kind: "not_configured" }
  | { kind: "disabled" }
  | { kind: "error"; reason: "reported" | "stale_pidfile" | "ghost"; detail: string; pid?: number }
  | { kind: "starting"; pid: number }
  | { kind: "stale"; pid: number; age_s: number }
  | { kind: "connected"; pid: number }
  | { kind: "waiting" };

const staleAfter = 10;

/** The first that fits. */
export function healthOf(signs: Signs): Health {
  const { worker, status, heartbeatAge } = signs;
  if (!signs.isConfigured) return { kind: "not_configured" };
  if (!signs.isEnabled) return { kind: "disabled" };
  if (status === "error") {
    const detail = signs.error ?? "unknown";
    return { kind: "error", reason: "reported", detail, ...(worker ? { pid: worker.pid } : {}) };
  }
  if (worker !== undefined && !worker.isAlive) {
    const detail = `its process ${worker.pid} has died`;
    return { kind: "error", reason: "stale_pidfile", detail, pid: worker.pid };
  }
  if (worker !== undefined) return ofRunning(worker.pid, status, heartbeatAge);
  const isFresh = heartbeatAge !== undefined && heartbeatAge < staleAfter;
  if (status === "ok" || isFresh) {
    return { kind: "error", reason: "ghost", detail: "signs of a process that is not there" };
  }
  return { kind: "waiting" };
}

function ofRunning(pid: number, status: Signs["status"], age: number | undefined): Health {
  if (age === undefined) return { kind: "starting", pid };
  if (age >= staleAfter) return { kind: "stale", pid, age_s: Math.round(age) };
  return status === "ok" ? { kind: "connected", pid } : { kind: "starting", pid };
}
