// The result as people read it.
import { type Measurement, meets } from "./measure.ts";

const head = ["name", "median", "p99", "samples", "target", "unit", "", "note"];

export function tableOf(measurements: readonly Measurement[]): string {
  const rows = [head, ...measurements.map(cellsOf)];
  const widths = head.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => pad(cell, at, widths))
      .join("  ")
      .trimEnd(),
  );
  return [lines[0], widths.map((width) => "-".repeat(width)).join("  "), ...lines.slice(1)].join(
    "\n",
  );
}

function cellsOf(one: Measurement): string[] {
  return [
    one.name,
    number(one.median),
    number(one.p99),
    String(one.samples),
    targetText(one),
    one.unit,
    verdict(one),
    one.note ?? "",
  ];
}

function targetText({ target, p95 }: Measurement): string {
  if (target === undefined) return "";
  const sign = target.bound === "most" ? "<=" : ">=";
  // There is no column for it, so that number stands here.
  const is = target.judged === "p95" ? ` (${number(p95)})` : "";
  return `${target.judged === "median" ? "p50" : target.judged} ${sign} ${target.limit}${is}`;
}

function verdict(one: Measurement): string {
  if (one.target === undefined) return "";
  return meets(one) ? "ok" : "MISS";
}

function number(value: number): string {
  if (value >= 1000) return Math.round(value).toString();
  return value.toFixed(value < 10 ? 2 : 1);
}

function pad(cell: string, at: number, widths: readonly number[]): string {
  const width = widths[at] ?? 0;
  const isNumber = at >= 1 && at <= 3;
  return isNumber ? cell.padStart(width) : cell.padEnd(width);
}
