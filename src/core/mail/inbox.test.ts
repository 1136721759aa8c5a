import { expect, test } from "bun:test";
import type { MessageEvent } from "../event.ts";
import { nextBatch, senderSummary } from "./inbox.ts";

function message(id: number, from = "luna", isAgent = true): MessageEvent {
  const data: MessageEvent["data"] = {
    from,
    sender_kind: isAgent ? "instance" : "external",
    scope: "broadcast",
    text: `text ${id}`,
    delivered_to: [],
  };
  return { id, timestamp: "", type: "message", instance: from, data };
}

test("120 unread messages are batches of 50, 50 and 20, in log order", () => {
  let unread = Array.from({ length: 120 }, (_, at) => message(120 - at));
  const sizes: number[] = [];
  const ids: number[] = [];
  while (unread.length > 0) {
    const batch = nextBatch({ unread });
    sizes.push(batch.length);
    ids.push(...batch.map((one) => one.id));
    unread = unread.filter((one) => !batch.includes(one));
  }
  expect(sizes).toEqual([50, 50, 20]);
  expect(ids).toEqual(Array.from({ length: 120 }, (_, at) => at + 1));
});

test("nothing unread is an empty batch", () => {
  expect(nextBatch({ unread: [] })).toEqual([]);
  expect(nextBatch({ unread: [message(1), message(2)], max: 1 }).map((one) => one.id)).toEqual([1]);
});

function summary(messages: MessageEvent[], text: string): void {
  test(`the sender is "${text}"`, () => {
    const displayName = (base: string) => (base === "luna" ? "api-luna" : base);
    expect(senderSummary(messages, displayName)).toBe(text);
  });
}
summary([], "");
summary([message(1)], "api-luna");
summary([message(1), message(2)], "api-luna");
summary([message(1), message(2, "nova"), message(3, "kira")], "api-luna +2");
summary([message(1, "luna", false)], "luna");
