// Delivery under random sends to real agents, judged by what the model server got. Two minutes by
// default; HCOM_SOAK_SECONDS asks for more.
import { expect, test } from "bun:test";
import { findVendor } from "../kit/vendor.ts";
import { soak } from "./soak.ts";

const seconds = Number(process.env["HCOM_SOAK_SECONDS"] ?? 120);
const isReady = ["claude", "codex"] as const;

test.skipIf(isReady.some((tool) => findVendor(tool, "newest") === null))(
  "every message is in a request exactly once, or reported as not delivered",
  async () => {
    const report = await soak(seconds, Math.random);
    console.log(JSON.stringify({ ...report, idleMs: timings(report.idleMs) }, null, 2));
    expect(report.faults).toEqual([]);
    expect(report.once).toBeGreaterThan(0);
    expect(report.reported).toBeGreaterThan(0);
  },
  (seconds + 240) * 1000,
);

function timings(all: Record<string, number[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).map(([who, list]) => {
      const sorted = list.toSorted((a, b) => a - b);
      const at = (part: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
      return [who, `n ${list.length}, median ${at(0.5)} ms, p95 ${at(0.95)} ms`];
    }),
  );
}
