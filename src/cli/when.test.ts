import { expect, test } from "bun:test";
import { ago, clock, elapsed } from "./when.ts";

const now = new Date(2026, 10, 28, 15, 0, 0).getTime();

test("a time is local and as short as its distance allows", () => {
  expect(clock(new Date(2026, 10, 28, 14, 2, 5).getTime(), now)).toBe("14:02:05");
  expect(clock(new Date(2026, 10, 3, 9, 7).getTime(), now)).toBe(" 3 Nov 09:07");
  expect(clock(new Date(2025, 0, 31, 23, 59).getTime(), now)).toBe("2025-01-31 23:59");
  expect(clock(Number.NaN, now)).toBe("at no known time");
});

test("now is not ago", () => {
  expect([ago(0), ago(0.9), ago(59), ago(200)]).toEqual(["now", "now", "59s ago", "3m ago"]);
});

test("how long something took is said in the unit that fits", () => {
  expect([elapsed(0.2504), elapsed(-1), elapsed(12.4), elapsed(250)]).toEqual([
    "250 ms",
    "0 ms",
    "12 s",
    "4m",
  ]);
});
