// Adds up what the steps of .ci/run reported and prints `N passed, N failed` as the last line.
// Input: one line per step, tab separated: kind (`tests` or `once`), name, exit code, log file.
import { readFileSync } from "node:fs";

export interface Step {
  kind: "tests" | "once";
  name: string;
  exit: number;
  /** Everything the step printed. */
  log: string;
}

export interface Count {
  passed: number;
  failed: number;
}

/** A test step that failed without a failing test still fails, and so does one without tests. */
export function countOf(step: Step): Count {
  const counted = step.kind === "tests" ? closingLines(step.log) : undefined;
  if (counted === undefined) {
    const isGood = step.kind === "once" && step.exit === 0;
    return isGood ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  }
  const isUncounted = step.exit !== 0 && counted.failed === 0;
  const isEmpty = counted.passed + counted.failed === 0;
  return { passed: counted.passed, failed: counted.failed + (isUncounted || isEmpty ? 1 : 0) };
}

/** bun test ends with ` 8 pass`, ` 1 fail` and so on, then `Ran 9 tests across 2 files.` */
function closingLines(log: string): Count | undefined {
  const lines = Bun.stripANSI(log).split(/\r?\n/);
  const end = lines.findLastIndex((line) => /^Ran \d+ tests? across \d+ files?\b/.test(line));
  if (end === -1) return undefined;
  const closing = lines.slice(Math.max(0, end - 8), end).join("\n");
  const numberOf = (word: string): number =>
    Number(closing.match(new RegExp(String.raw`^ (\d+) ${word}s?$`, "m"))?.[1] ?? 0);
  return { passed: numberOf("pass"), failed: numberOf("fail") + numberOf("error") };
}

export function reportOf(steps: readonly Step[]): { text: string; exit: number } {
  const counts = steps.map((step) => ({ step, ...countOf(step) }));
  const passed = counts.reduce((sum, one) => sum + one.passed, 0);
  const failed = counts.reduce((sum, one) => sum + one.failed, 0);
  const rows = counts.flatMap((one) => {
    if (one.failed === 0) return [`ok   ${one.step.name}: ${sentence(one)}`];
    return [`FAIL ${one.step.name}: ${sentence(one)}`, ...reasonsIn(one.step)];
  });
  const text = [...rows, sentence({ passed, failed })].join("\n");
  return { text, exit: failed > 0 || steps.length === 0 ? 1 : 0 };
}

/**
 * What of a log tells why its step failed, because often only the end of a CI log is kept: the
 * failed tests with the first line of what they said, or else the log's last lines.
 */
function reasonsIn(step: Step): string[] {
  const lines = Bun.stripANSI(step.log).split(/\r?\n/);
  const failed = lines.flatMap((line, at) => {
    if (!/^\(fail\) /.test(line)) return [];
    const since = lines.findLastIndex((one, i) => i < at && /^\((pass|fail|skip)\) /.test(one));
    const said = lines.slice(since + 1, at).find((one) => /^\w*error: /i.test(one));
    return said === undefined ? [line] : [line, said];
  });
  const reasons = failed.length > 0 ? failed.slice(0, 12) : lines.filter(Boolean).slice(-6);
  return reasons.map((line) => `       ${line.slice(0, 200)}`);
}

function sentence(count: Count): string {
  return `${count.passed} passed, ${count.failed} failed`;
}

function stepsIn(file: string): Step[] {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => {
    const [kind = "", name = "", exit = "", log = ""] = line.split("\t");
    return {
      kind: kind === "tests" ? "tests" : "once",
      name,
      exit: Number(exit),
      log: readFileSync(log, "utf8"),
    };
  });
}

if (import.meta.main) {
  const report = reportOf(stepsIn(process.argv[2] ?? ""));
  console.log(report.text);
  process.exitCode = report.exit;
}
