import { expect, test } from "bun:test";
import { timeBound } from "./time-bound.ts";

const now = new Date(2026, 10, 28, 15, 0, 0).getTime();
const bound = (text: string) => new Date(timeBound(text, now, "after")).getTime();
const local = (...parts: [number, number, number, number?, number?, number?]) =>
  new Date(...parts).getTime();

test("a length of time counts back from now", () => {
  expect(bound("10m")).toBe(now - 600_000);
  expect(bound("2h ago")).toBe(now - 7_200_000);
  expect(bound("1h30m")).toBe(now - 5_400_000);
  expect(bound("90s")).toBe(now - 90_000);
  expect(bound("1w")).toBe(now - 7 * 86_400_000);
});

test("a date and a time of day are local, the log's own form is UTC", () => {
  expect(bound("14:30")).toBe(local(2026, 10, 28, 14, 30));
  expect(bound("today")).toBe(local(2026, 10, 28));
  expect(bound("yesterday")).toBe(local(2026, 10, 27));
  expect(bound("2026-11-21")).toBe(local(2026, 10, 21));
  expect(bound("2026-11-21 09:30")).toBe(local(2026, 10, 21, 9, 30));
  expect(timeBound("2026-11-21T09:30:00.123456", now, "after")).toBe("2026-11-21T09:30:00.123456");
  expect(bound("2026-11-21T09:30:00+02:00")).toBe(Date.UTC(2026, 10, 21, 7, 30));
});

for (const text of ["", "soon", "10", "10x", "-5m", "2026-13-45", "2026-02-30", "25:00", "2026"]) {
  test(`"${text}" is refused, with what would be a time`, () => {
    expect(() => timeBound(text, now, "after")).toThrow(
      expect.objectContaining({ code: "bad_time", exit: 2, hint: expect.stringContaining("10m") }),
    );
  });
}
