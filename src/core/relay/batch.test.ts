import { expect, test } from "bun:test";
import { bytesOf, fillBatch, isCut } from "./batch.ts";
import { type RemoteEvent, readEvent } from "./payload.ts";

function event(id: number, text: string): RemoteEvent {
  const data = { from: "luna", scope: "mentions", mentions: ["kira:ANNA"], text };
  return {
    id,
    timestamp: "2026-11-28T06:31:35.732779+00:00",
    type: "message",
    instance: "luna",
    data,
  };
}

test("a batch holds whole events in their order, as many as fit", () => {
  const events = [1, 2, 3].map((id) => event(id, "x".repeat(1000)));
  const batch = fillBatch(events, 2600);
  expect([batch.events.length, batch.upTo, batch.isAll]).toEqual([2, 2, false]);
  expect(batch.events.map((json) => readEvent(JSON.parse(json)))).toEqual(events.slice(0, 2));
  expect(fillBatch(events, 10_000).isAll).toBe(true);
  expect(fillBatch([], 100)).toEqual({ events: [], upTo: undefined, isAll: true });
});

test("one that is too large is cut, is marked with its size, and says whom it is for", () => {
  for (const text of ["x".repeat(150_000), "\u{1f30d}".repeat(40_000), "\u0001".repeat(60_000)]) {
    const whole = bytesOf(JSON.stringify({ ...event(1, text) }));
    const { events } = fillBatch([event(1, text), event(2, "next")], 90_000);
    const [json = ""] = events;
    const cut = readEvent(JSON.parse(json));
    expect(bytesOf(json)).toBeLessThanOrEqual(90_000);
    expect(cut !== undefined && isCut(cut)).toBe(true);
    expect(cut?.data["mentions"]).toEqual(["kira:ANNA"]);
    expect(text.startsWith(String(cut?.data["text"]))).toBe(true);
    const mark = cut?.data["_relay_truncated"] as { level: number; original_bytes: number };
    expect(mark.level).toBe(1);
    expect(Math.abs(mark.original_bytes - whole)).toBeLessThan(20);
  }
});
