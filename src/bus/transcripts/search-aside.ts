// Search with somebody's own regular expression. Some take longer than a life on the wrong text,
// and nothing can interrupt one: so the search is on a thread of its own, which is left to itself
// when it is stuck.
import { Refusal, type RefusalParts } from "../../core/refusal.ts";
import { searchWorker } from "../../sys/program.ts";
import type { System } from "../../sys/system.ts";
import type { Bus } from "../bus.ts";
import type { Choice } from "./each.ts";
import { type Found, tooSlow } from "./search.ts";

export type SearchOrder = Choice & { pattern: string; limit: number };

export interface Errand {
  order: Omit<SearchOrder, "note">;
  surroundings: Pick<System, "env" | "home" | "cwd">;
  /** A number that is odd as long as one text is looked through. */
  beats: SharedArrayBuffer;
}

export type Told =
  | { kind: "note"; problem: string }
  | { kind: "found"; found: Found }
  | { kind: "refused"; parts: RefusalParts }
  | { kind: "failed"; reason: string };

/** How long one text may take; the longest that there are take a fifth of it. */
const longestTextMs = 5000;
const lookEveryMs = 100;

export async function searchAside(bus: Bus, { note, ...order }: SearchOrder): Promise<Found> {
  const { Worker } = await import("node:worker_threads");
  const beats = new SharedArrayBuffer(4);
  const { env, home, cwd } = bus.system;
  const worker = new Worker(searchWorker());
  let watch: ReturnType<typeof setInterval> | undefined;
  try {
    return await new Promise<Found>((resolve, reject) => {
      worker.on("message", (told: Told) => {
        if (told.kind === "note") note(told.problem);
        else if (told.kind === "found") resolve(told.found);
        else if (told.kind === "refused") reject(new Refusal(told.parts));
        else reject(new Error(told.reason));
      });
      worker.on("error", reject);
      watch = setInterval(
        stuck(bus, beats, () => reject(tooSlow(order.pattern))),
        lookEveryMs,
      );
      const surroundings = { env: { ...env }, home, cwd };
      worker.postMessage({ order, surroundings, beats } satisfies Errand);
    });
  } finally {
    clearInterval(watch);
    worker.unref();
    // Not awaited: it may never end.
    void worker.terminate();
  }
}

/** Calls `found` when one text has been looked through for too long. */
function stuck({ system }: Bus, beats: SharedArrayBuffer, found: () => void): () => void {
  const count = new Int32Array(beats);
  let [last, since] = [-1, system.monotonic()];
  return () => {
    const now = Atomics.load(count, 0);
    if (now !== last || now % 2 === 0) [last, since] = [now, system.monotonic()];
    else if (system.monotonic() - since > longestTextMs) found();
  };
}
