// What a measurement is, and the few statistics that the benchmarks use.

/** Which number of a measurement the target speaks of. */
export type Judged = "median" | "p95" | "p99";

export interface Target {
  judged: Judged;
  limit: number;
  /** "most": must not be more than the limit; "least": must not be less. */
  bound: "most" | "least";
}

export interface Measurement {
  name: string;
  unit: string;
  median: number;
  p95: number;
  p99: number;
  best: number;
  samples: number;
  target?: Target;
  note?: string;
  /** What has become so much slower that it is a fault of ours, on whatever machine. */
  regression?: string;
}

export interface Label {
  name: string;
  unit: string;
  target?: Target | undefined;
  note?: string | undefined;
}

/** For rates "worse" is the other end: `p99` of a rate is what 99 % of the samples reach. */
export function measurementOf(label: Label, values: readonly number[]): Measurement {
  if (values.length === 0) throw new Error(`${label.name}: there is no sample`);
  const isRate = label.unit.endsWith("/s");
  const sorted = values.toSorted((a, b) => (isRate ? b - a : a - b));
  return {
    name: label.name,
    unit: label.unit,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    best: sorted[0] ?? 0,
    samples: sorted.length,
    ...(label.target === undefined ? {} : { target: label.target }),
    ...(label.note === undefined ? {} : { note: label.note }),
  };
}

export function meets({ target, ...measured }: Measurement): boolean {
  if (target === undefined) return true;
  const value = measured[target.judged];
  return target.bound === "most" ? value <= target.limit : value >= target.limit;
}

export function medianOf(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

export function atMost(limit: number, judged: Judged = "median"): Target {
  return { judged, limit, bound: "most" };
}

export function atLeast(limit: number, judged: Judged = "median"): Target {
  return { judged, limit, bound: "least" };
}

/** Nearest rank. */
function quantile(sorted: readonly number[], share: number): number {
  const at = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
  return sorted[Math.max(0, at)] ?? 0;
}
