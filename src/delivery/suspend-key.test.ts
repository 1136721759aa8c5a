import { expect, test } from "bun:test";
import { suspendKeys } from "./suspend-key.ts";

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

test("Ctrl+Z is found in each of its spellings", () => {
  for (const key of ["\x1a", "\x1b[122;5u", "\x1b[122;5:1u", "\x1b[27;5;122~"]) {
    expect([key, suspendKeys()(bytes(key))]).toEqual([key, { at: 0, length: key.length }]);
  }
  for (const other of ["z", "\x1b", "\x1b[122;6u", "\x1b[122;5:3u", "\x1b[A", "\xfe\xff"]) {
    expect([other, suspendKeys()(bytes(other))]).toEqual([other, undefined]);
  }
});

test("it is found between other keys that came with it", () => {
  expect(suspendKeys()(bytes("ab\x1acd\x1a"))).toEqual({ at: 2, length: 1 });
  expect(suspendKeys()(bytes("\x1b[?62;c\x1b[122;5uls"))).toEqual({ at: 7, length: 8 });
});

test("in a paste it is text, however many pieces the paste comes in", () => {
  const find = suspendKeys();
  expect(find(bytes("\x1b[200~a\x1ab"))).toBeUndefined();
  expect(find(bytes("\x1a"))).toBeUndefined();
  expect(find(bytes("c\x1a\x1b[201~\x1a"))).toEqual({ at: 8, length: 1 });
  expect(find(bytes("\x1a"))).toEqual({ at: 0, length: 1 });
});
