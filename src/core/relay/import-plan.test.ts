import { describe, expect, test } from "bun:test";
import { importPlan, type Origin } from "./import-plan.ts";
import type { RemoteEvent } from "./payload.ts";

const boxe = "11111111-1111-4111-8111-111111111111";
const fogeEvents = new Map([[9, 900]]);
const origin: Origin = {
  device: boxe,
  short: "BOXE",
  self: "ANNA",
  localId: (id, short) => {
    if (short === "FOGE") return fogeEvents.get(id);
    return id === 42 ? 4200 : undefined;
  },
};

function message(data: object, change: Partial<RemoteEvent> = {}): RemoteEvent {
  const timestamp = "2026-11-28T06:31:35.732779+00:00";
  const base = { from: "luna", scope: "mentions", text: "hi", delivered_to: [], mentions: [] };
  return {
    id: 5,
    timestamp,
    type: "message",
    instance: "luna",
    data: { ...base, ...data },
    ...change,
  };
}

describe("names", () => {
  const names: [theirs: string, ours: string][] = [
    ["kira:ANNA", "kira"],
    ["kira:anna", "kira"],
    ["luna", "luna:BOXE"],
    ["nova:FOGE", "nova:FOGE"],
    ["bigboss", "bigboss"],
  ];
  test.each(names)("%s of BOXE is %s at ANNA", (theirs, ours) => {
    const planned = importPlan(message({ mentions: [theirs], delivered_to: [theirs] }), origin);
    expect(planned?.data["mentions"]).toEqual([ours]);
    expect(planned?.data["delivered_to"]).toEqual([ours]);
  });

  test("the sender carries its device, also in the event's own field", () => {
    const planned = importPlan(message({}), origin);
    expect([planned?.instance, planned?.data["from"]]).toEqual(["luna:BOXE", "luna:BOXE"]);
    const person = importPlan(message({ from: "bigboss" }, { instance: "ext_bigboss" }), origin);
    expect([person?.instance, person?.data["from"]]).toEqual(["ext_bigboss:BOXE", "bigboss:BOXE"]);
  });

  test("cannot steer a terminal", () => {
    const planned = importPlan(
      message({ from: "lu\u001b[2Jna" }, { instance: "lu\u001bna" }),
      origin,
    );
    expect(JSON.stringify([planned?.instance, planned?.data["from"]])).not.toContain("\\u001b");
  });
});

describe("replies", () => {
  const replies: [written: string, local: number | undefined][] = [
    ["7:ANNA", 7],
    ["42", 4200],
    ["41", undefined],
    ["9:FOGE", 900],
    ["8:FOGE", undefined],
  ];
  test.each(replies)(
    "to %s mean event %p here, whatever the sender calls it",
    (reply_to, local) => {
      const planned = importPlan(message({ reply_to, reply_to_local: 1 }), origin);
      expect(planned?.data["reply_to"]).toBe(reply_to);
      expect(planned?.data["reply_to_local"]).toBe(local as number);
    },
  );
});

describe("what is only for its own device stays there", () => {
  const inner: [what: string, event: RemoteEvent][] = [
    ["notices of the system", message({}, { instance: "sys_[hcom-events]" })],
    ["its own life", message({ action: "reset" }, { type: "life", instance: "_device" })],
    [
      "coming and going of others",
      message({ action: "relay_device_join" }, { type: "life", instance: "" }),
    ],
    ["answers to requests", message({}, { type: "rpc_result", instance: "_rpc" })],
    ["requests", message({}, { type: "control", instance: "_control" })],
  ];
  test.each(inner)("%s", (_what, event) => {
    expect(importPlan(event, origin)).toBeUndefined();
  });
});
