// What a run of the abuse ends with. Often only the end of a log is kept, so the table comes last,
// and below it a line for each of its cells that is not zero: what happened there first.
import type { Harm, Tally } from "./lab.ts";

const harms: readonly Harm[] = ["lost", "doubled", "leaked", "blocked"];

/** Everything that is known, the table, and the line of each cell. */
export function reportOf(tallies: readonly Tally[]): string {
  const all = tallies.flatMap((one) => one.faults.map((fault) => lineOf(one, fault)));
  const cells = tallies.flatMap((one) => harms.flatMap((kind) => cellOf(one, kind)));
  const parts = [all.length > cells.length ? all.join("\n") : "", tableOf(tallies)];
  return [...parts, ...cells].filter((part) => part !== "").join("\n");
}

function tableOf(tallies: readonly Tally[]): string {
  const head = ["tried", ...harms];
  const width = Math.max(...tallies.map((one) => one.what.length));
  const line = (what: string, cells: readonly (string | number)[]) =>
    [what.padEnd(width), ...cells.map((cell) => String(cell).padStart(8))].join(" ");
  const cellsOf = (one: Tally) => [one.tried, ...harms.map((kind) => one[kind])];
  return [line("", head), ...tallies.map((one) => line(one.what, cellsOf(one)))].join("\n");
}

function cellOf(tally: Tally, kind: Harm): string[] {
  const first = tally.faults.find((fault) => fault.kind === kind);
  return first === undefined ? [] : [`${tally[kind]} x ${lineOf(tally, first)}`];
}

/** On one line, without bytes that steer: it is read in a log, by people and programs. */
function lineOf(tally: Tally, { kind, sentence }: Tally["faults"][number]): string {
  return `${kind}, ${tally.what}: ${JSON.stringify(sentence).slice(1, -1)}`;
}
