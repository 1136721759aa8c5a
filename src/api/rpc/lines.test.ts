import { expect, test } from "bun:test";
import { linesOf } from "./lines.ts";

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

async function read(maxBytes: number, ...texts: string[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(chunks(...texts), maxBytes)) {
    lines.push(line === "too long" ? line : new TextDecoder().decode(line));
  }
  return lines;
}

test("lines are whole however their bytes arrive", async () => {
  const text = "one\n\nzwei é\nlast";
  const lines = ["one", "", "zwei é", "last"];
  expect(await read(100, text)).toEqual(lines);
  expect(await read(100, ...text.match(/./gs)!)).toEqual(lines);
  expect(await read(100, "one\n", "\nzwei", " é\nla", "st")).toEqual(lines);
  expect(await read(100, "one\n")).toEqual(["one"]);
  expect(await read(100)).toEqual([]);
});

test("a line that is too long is passed over to its end, and the next one is read", async () => {
  expect(await read(3, "abc\nabcd\nabc")).toEqual(["abc", "too long", "abc"]);
  expect(await read(3, "ab", "cd", "ef\nabc\n")).toEqual(["too long", "abc"]);
  expect(await read(3, "abcd")).toEqual(["too long"]);
});
