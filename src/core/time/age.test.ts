import { expect, test } from "bun:test";
import { formatAge } from "./age.ts";

function check(seconds: number, text: string): void {
  test(`${seconds} s is ${text}`, () => expect(formatAge(seconds)).toBe(text));
}
check(0, "now");
check(-5, "now");
check(0.9, "now");
check(Number.NaN, "now");
check(30, "30s");
check(59.9, "59s");
check(90, "1m");
check(3600, "1h");
check(86_399, "23h");
check(86_400, "1d");
