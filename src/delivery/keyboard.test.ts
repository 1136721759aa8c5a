// Keys of a person beside a nudge of ours, without a terminal: what reaches the program, and when.
import { expect, test } from "bun:test";
import { until } from "../../tests/kit/until.ts";
import { openKeyboard } from "./keyboard.ts";

const key = (text: string) => new TextEncoder().encode(text);

function scene(count: number, isSending: boolean) {
  const written: string[] = [];
  const box = { isEmpty: false, isAway: false };
  const keyboard = openKeyboard({
    write: (data) =>
      void written.push(typeof data === "string" ? data : Buffer.from(data).toString()),
    giveWay: () => ({ count, isSending }),
    isTyping: () => true,
    isBoxEmpty: () => box.isEmpty,
    isDeaf: () => box.isAway,
  });
  return { written, box, keyboard };
}

const limit = { timeoutMs: 5000, what: "the keys at the program" };

test("a key behind an Enter that may be unread waits for an empty box", async () => {
  const { written, box, keyboard } = scene(0, true);
  for (const one of ["a", "b", "\r"]) keyboard.press(key(one));
  expect(written).toEqual([]);
  box.isEmpty = true;
  await until(() => written.length === 3, limit);
  expect(written).toEqual(["a", "b", "\r"]);
});

test("a box that never empties holds nobody up for good", async () => {
  const { written, keyboard } = scene(0, true);
  keyboard.press(key("a"));
  await until(() => written.length === 1, limit);
});

test("a nudge in the box is taken back, and the key comes behind", async () => {
  const { written, box, keyboard } = scene(6, false);
  keyboard.press(key("a"));
  expect(written).toEqual(["\x7f".repeat(6)]);
  box.isEmpty = true;
  await until(() => written.length === 2, limit);
});

test("where nothing of ours is under way a key passes at once", () => {
  const { written, keyboard } = scene(0, false);
  keyboard.press(key("a"));
  expect(written).toEqual(["a"]);
});

test("keys that would be lost wait until the program listens, in their order", async () => {
  const { written, box, keyboard } = scene(0, false);
  box.isAway = true;
  for (const one of ["a", "b"]) keyboard.press(key(one));
  expect(written).toEqual([]);
  box.isAway = false;
  await until(() => written.length === 2, limit);
  expect(written).toEqual(["a", "b"]);
});
