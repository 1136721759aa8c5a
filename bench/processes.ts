// Times whole processes, from the spawn to the collected exit status. All candidates run in
// rotation, so that a machine which becomes slower becomes so for all of them, and differences are
// taken round by round.
import { readFileSync } from "node:fs";
import { type Label, type Measurement, measurementOf, medianOf } from "./measure.ts";

export interface Candidate extends Label {
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  /**
   * How many times as long as the yardstick it may take, the best round of each: about half as much
   * again as it does. More is a regression, and fails: a slow or busy machine slows both.
   */
  mostTimes?: number;
  /** File on standard input; default: nothing. */
  stdin?: string;
  /** Untimed, before each run. */
  prepare?: () => void;
  /** Untimed, after each run: throws when the program did not do what is measured. */
  check?: (stdout: string) => void;
}

const warmups = 3;

/** The first candidate is the yardstick: the others' notes say how much longer they took. */
export function timeProcesses(candidates: readonly Candidate[], rounds: number): Measurement[] {
  const measured = timedOnce(candidates, rounds);
  if (!measured.some((one) => one.regression !== undefined)) return measured;
  // Something else may have had the machine meanwhile: what is really slow is so again.
  return timedOnce(candidates, Math.max(rounds, 15));
}

function timedOnce(candidates: readonly Candidate[], rounds: number): Measurement[] {
  const times = candidates.map((): number[] => []);
  for (let round = -warmups; round < rounds; round++) {
    for (const [at, candidate] of candidates.entries()) {
      const ms = runOnce(candidate);
      if (round >= 0) times[at]?.push(ms);
    }
  }
  const [yardstick] = times;
  return candidates.map((candidate, at) => {
    const own = times[at] ?? [];
    const more = own.map((ms, round) => ms - (yardstick?.[round] ?? 0));
    const parts = at === 0 ? [] : [signed(medianOf(more))];
    const note = [...parts, ...(candidate.note === undefined ? [] : [candidate.note])].join(", ");
    const measured = measurementOf({ ...candidate, note }, own);
    const regression = regressionOf(candidate, own, yardstick ?? []);
    return regression === undefined ? measured : { ...measured, regression };
  });
}

function regressionOf(
  { mostTimes }: Candidate,
  own: readonly number[],
  yardstick: readonly number[],
): string | undefined {
  const times = Math.min(...own) / Math.min(...yardstick);
  if (mostTimes === undefined || times <= mostTimes) return undefined;
  return `${times.toFixed(1)} times as long as an empty program; at most ${mostTimes} is right`;
}

function runOnce(candidate: Candidate): number {
  candidate.prepare?.();
  const startedAt = performance.now();
  const run = Bun.spawnSync([...candidate.argv], {
    env: candidate.env,
    stdin: candidate.stdin === undefined ? "ignore" : Bun.file(candidate.stdin),
    stdout: "pipe",
    stderr: "pipe",
  });
  const ms = performance.now() - startedAt;
  const stderr = run.stderr.toString();
  if (run.exitCode !== 0 || stderr !== "") {
    throw new Error(`${candidate.name}: exit ${run.exitCode}: ${stderr.trim()}`);
  }
  candidate.check?.(run.stdout.toString());
  return ms;
}

function signed(ms: number): string {
  return `${ms < 0 ? "" : "+"}${ms.toFixed(1)}`;
}

/** A field of a running process below /proc, in MB. */
export function fieldOf(pid: number, file: string, field: string): number {
  const text = readFileSync(`/proc/${pid}/${file}`, "latin1");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) / 1024;
}

/** proc(5): user and system time, 14th and 15th field, counted behind the program's name. */
export function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
