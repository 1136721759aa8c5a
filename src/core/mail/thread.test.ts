import { expect, test } from "bun:test";
import type { MessageData } from "../events/message.ts";
import { threadOfReply, threadTargets } from "./thread.ts";

function check(members: string, live: string, sender: string, targets: string): void {
  test(`${sender} writes to ${members} of whom ${live} live`, () => {
    const words = (text: string) => text.split(" ").filter((word) => word !== "");
    const reached = threadTargets({ members: words(members), live: words(live), sender });
    expect(reached).toEqual(words(targets));
  });
}
check("luna nova", "nova luna kira", "nova", "luna");
check("luna nova kira", "kira luna", "luna", "kira");
check("luna", "luna", "luna", "");
check("", "luna", "kira", "");
check("nova luna nova", "luna nova", "kira", "nova luna");

test("a reply stays in the thread of what it answers", () => {
  const parent: MessageData = {
    from: "luna",
    sender_kind: "instance",
    scope: "broadcast",
    text: "hi",
    delivered_to: [],
  };
  expect(threadOfReply({ ...parent, thread: "review" })).toBe("review");
  expect(threadOfReply(parent)).toBeUndefined();
  expect(threadOfReply(undefined)).toBeUndefined();
});
