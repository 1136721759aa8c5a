import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { nanosOf, timestampOf, withOffset } from "./timestamp.ts";

test("a time is written with Z and no fraction or three digits of it", () => {
  const noon = Date.UTC(2026, 1, 28, 12);
  expect(timestampOf(noon)).toBe("2026-02-28T12:00:00Z");
  expect(timestampOf(noon + 1)).toBe("2026-02-28T12:00:00.001Z");
  expect(timestampOf(noon + 120)).toBe("2026-02-28T12:00:00.120Z");
  expect(timestampOf(0)).toBe("1970-01-01T00:00:00Z");
});

test("what is written is read as the same time", () => {
  const aTime = fc.integer({ min: Date.UTC(1, 0), max: Date.UTC(9999, 11, 31) });
  fc.assert(
    fc.property(aTime, (ms) => {
      expect(nanosOf(timestampOf(ms))).toBe(BigInt(ms) * 1_000_000n);
      expect(nanosOf(withOffset(timestampOf(ms)))).toBe(BigInt(ms) * 1_000_000n);
    }),
  );
});

test("the other spelling says +00:00, and leaves alone what has an offset", () => {
  expect(withOffset("2026-02-28T10:30:00.5Z")).toBe("2026-02-28T10:30:00.5+00:00");
  expect(withOffset("2026-02-28T10:30:00+02:00")).toBe("2026-02-28T10:30:00+02:00");
});

describe("nanoseconds", () => {
  test.each([
    ["1970-01-01T00:00:00Z", 0n],
    ["1970-01-01T00:00:01Z", 1_000_000_000n],
    ["1970-01-01T00:00:00.1Z", 100_000_000n],
    ["1970-01-01T00:00:00.123456Z", 123_456_000n],
    ["1970-01-01T00:00:00.586088113Z", 586_088_113n],
    ["1970-01-01T00:00:00.000000001Z", 1n],
    ["1970-01-01T00:00:00.0000000019Z", 1n],
    ["1969-12-31T23:59:59.999999999Z", -1n],
    ["1970-01-01t00:00:00z", 0n],
    ["1970-01-01 00:00:00Z", 0n],
    ["1970-01-01T02:00:00+02:00", 0n],
    ["1969-12-31T19:30:00.5-04:30", 500_000_000n],
    ["1970-01-01T00:00:00+00:00", 0n],
    ["1970-01-01T00:00:00-00:00", 0n],
    ["9999-12-31T23:59:59.999999999Z", 253_402_300_799_999_999_999n],
  ])("of %s", (text, nanos) => {
    expect(nanosOf(text)).toBe(nanos);
  });

  test.each([
    "",
    "now",
    "2026-02-28",
    "2026-02-28T10:30:00",
    "2026-02-28T10:30Z",
    "2026-02-28T10:30:00.Z",
    "2026-02-28T10:30:00+0200",
    "2026-13-28T10:30:00Z",
    "2026-02-28T10:61:00Z",
    "26-02-28T10:30:00Z",
    "2026-02-28T10:30:00Z ",
    "1772274600",
  ])("of '%s' there are none", (text) => {
    expect(nanosOf(text)).toBeUndefined();
  });
});
