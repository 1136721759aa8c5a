import { expect, test } from "bun:test";
import { toClipboard } from "./clipboard.ts";
import { editorWords } from "./do.ts";

test("the editor is what the owner set, else vi", () => {
  expect(editorWords({ VISUAL: "code -w", EDITOR: "nano" })).toEqual(["code", "-w"]);
  expect(editorWords({ VISUAL: " ", EDITOR: "nano" })).toEqual(["nano"]);
  expect(editorWords({})).toEqual(["vi"]);
});

test("a copy is told to the terminal itself, not only to what lies behind tmux", () => {
  expect(toClipboard("ö")).toBe("\x1b]52;c;w7Y=\x07");
});
