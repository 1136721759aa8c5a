import { expect, test } from "bun:test";
import type { MessageEvent } from "../event.ts";
import { senderSummary } from "./inbox.ts";

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
