import { expect, test } from "bun:test";
import fc from "fast-check";
import { shellJoin, shellSplit } from "./shell-quote.ts";

test("words come back as they were written", () => {
  const words = fc.array(fc.string());
  fc.assert(fc.property(words, (list) => expect(shellSplit(shellJoin(list))).toEqual(list)));
});

test("a real shell reads the same words", () => {
  const words = ["a b", "it's", '"', "$HOME", "`id`", "\\", "*", "", "-x", "é\n;&|"];
  const script = `printf '%s\\0' ${shellJoin(words)}`;
  const { stdout } = Bun.spawnSync(["/bin/sh", "-c", script]);
  expect(stdout.toString().split("\0").slice(0, -1)).toEqual(words);
});

test("quotes and escapes of a human are understood, open quotes are not", () => {
  expect(shellSplit(`--model 'x y' "a \\"b\\" \\n" c\\ d ''`)).toEqual([
    "--model",
    "x y",
    'a "b" \\n',
    "c d",
    "",
  ]);
  expect(shellSplit("'open")).toBeUndefined();
  expect(shellSplit('a "open')).toBeUndefined();
});
