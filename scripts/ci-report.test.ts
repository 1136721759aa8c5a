import { describe, expect, test } from "bun:test";
import type { Step } from "./ci-report.ts";
import { reportOf } from "./ci-report.ts";

const good =
  "(pass) a\n\n 8 pass\n 1 skip\n 0 fail\n 6 expect() calls\nRan 9 tests across 2 files.\n";
const bad =
  "(fail) a\n\n 7 pass\n 2 fail\nsnapshots: 1 passed\nRan 9 tests across 2 files. [1ms]\n";
const broken = " 7 pass\n 0 fail\n 1 error\nRan 7 tests across 1 file. [1ms]\n";

function check(steps: readonly [Step["kind"], exit: number, log: string][], last: string): void {
  const report = reportOf(steps.map(([kind, exit, log]) => ({ kind, exit, log, name: "step" })));
  expect(report.text.split("\n").at(-1)).toBe(last);
  expect(report.exit).toBe(last.endsWith(" 0 failed") ? 0 : 1);
}

describe("the closing line of a verification", () => {
  test("adds the tests of a run", () => check([["tests", 0, good]], "8 passed, 0 failed"));
  test("adds runs and other steps", () =>
    check(
      [
        ["tests", 1, bad],
        ["once", 0, ""],
        ["once", 1, ""],
      ],
      "8 passed, 3 failed",
    ));
  test("reads only the last closing lines of a log", () =>
    check([["tests", 0, bad + good]], "8 passed, 0 failed"));
  test("counts an error between tests", () => check([["tests", 1, broken]], "7 passed, 1 failed"));
  test("counts a run that failed after its tests", () =>
    check([["tests", 1, good]], "8 passed, 1 failed"));
  test("counts a run without a report as failed", () =>
    check([["tests", 0, "No tests found!"]], "0 passed, 1 failed"));
  test("counts a run without a test as failed", () =>
    check([["tests", 0, " 0 pass\n 0 fail\nRan 0 tests across 1 file."]], "0 passed, 1 failed"));
});

describe("the rows above it", () => {
  const failed = (kind: Step["kind"], log: string) =>
    reportOf([{ kind, exit: 1, log, name: "step" }]).text;

  test("name the tests that failed, and what they said", () => {
    const log = `(pass) a\nerror: expected 1, got 2\n  at x.ts:3\n(fail) b\n${bad}`;
    expect(failed("tests", log)).toContain("(fail) b\n       error: expected 1, got 2");
  });
  test("end with what another step printed last", () => {
    expect(failed("once", "much\nthe disk is full\n")).toContain("       the disk is full\n");
  });
});
