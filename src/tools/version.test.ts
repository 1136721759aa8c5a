import { expect, test } from "bun:test";
import { compareVersions, isSince, parseVersion } from "./version.ts";

test("a version is found in what programs print", () => {
  expect(parseVersion("2.1.329 (Claude Code)")).toBe("2.1.329");
  expect(parseVersion("codex-cli 0.169.0")).toBe("0.169.0");
  expect(parseVersion("dev")).toBeUndefined();
});

test("numbers are compared, not letters", () => {
  expect(compareVersions("0.129.0", "0.31.0")).toBeGreaterThan(0);
  expect(compareVersions("2.1.9", "2.1.10")).toBeLessThan(0);
  expect(compareVersions("2.1.9", "2.1.9-beta")).toBe(0);
});

test("an unknown version counts as the caller says", () => {
  expect(isSince(undefined, "1.0.0", true)).toBe(true);
  expect(isSince("nightly", "1.0.0", false)).toBe(false);
  expect(isSince("1.0.0", "1.0.0", false)).toBe(true);
});
