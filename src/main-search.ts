// A search through transcripts on a thread of its own, for `bus/transcripts/search-aside.ts`: an
// expression that never comes to an end holds only this one.
import { parentPort } from "node:worker_threads";
import { openBus } from "./bus/bus.ts";
import { searchTranscripts } from "./bus/transcripts/search.ts";
import type { Errand, Told } from "./bus/transcripts/search-aside.ts";
import { Refusal } from "./core/refusal.ts";
import { realSystem } from "./sys/system.ts";

parentPort?.once("message", (errand: Errand) => void run(errand));

async function run({ order, surroundings, beats }: Errand): Promise<void> {
  const tell = (told: Told) => parentPort?.postMessage(told);
  const count = new Int32Array(beats);
  try {
    using bus = openBus({ ...realSystem(), ...surroundings }, { writer: "transcript" });
    const found = await searchTranscripts(bus, {
      ...order,
      note: (problem) => tell({ kind: "note", problem }),
      beat: () => void Atomics.add(count, 0, 1),
    });
    tell({ kind: "found", found });
  } catch (error) {
    if (error instanceof Refusal) {
      const { code, message, hint, exit } = error;
      const parts = { code, message, exit, ...(hint === undefined ? {} : { hint }) };
      tell({ kind: "refused", parts });
    } else tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
}
