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

test("a day of 23 or 25 hours is a day, and a time that it does not have is the next one", () => {
  const code = `import { timeBound } from "${import.meta.dir}/time-bound.ts";
    const at = (now, text) => timeBound(text, Date.parse(now), "after");
    console.log(at("2026-03-29T12:00Z", "yesterday"), at("2026-03-30T12:00Z", "yesterday"),
      at("2026-10-26T12:00Z", "yesterday"), at("2026-03-29T12:00Z", "02:30"));`;
  const env = { PATH: process.env["PATH"] ?? "", TZ: "Europe/Berlin" };
  const run = Bun.spawnSync([process.execPath, "-e", code], { env });
  expect(run.stdout.toString().trim().split(" ")).toEqual([
    "2026-03-27T23:00:00.000Z",
    "2026-03-28T23:00:00.000Z",
    "2026-10-24T22:00:00.000Z",
    "2026-03-29T01:30:00.000Z",
  ]);
});

const never = ["999999999d", "99999999999999999999h"];
const wrong = ["", "soon", "10", "10x", "-5m", "2026-13-45", "2026-02-30", "25:00", "2026"];
for (const text of [...wrong, ...never]) {
  test(`"${text}" is refused, with what would be a time`, () => {
    expect(() => timeBound(text, now, "after")).toThrow(
      expect.objectContaining({ code: "bad_time", exit: 2, hint: expect.stringContaining("10m") }),
    );
  });
}
