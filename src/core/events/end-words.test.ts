import { expect, test } from "bun:test";
import { endWords } from "./end-words.ts";

test.each([
  ["external", "user", "stopped by a person"],
  ["killed", "nova", "killed by nova"],
  ["self", "luna", "left by itself"],
  ["closed", "system", "its program ended"],
  ["prompt_input_exit", "luna", "its program ended"],
  ["exited_before_bind", "system", "its launch failed"],
  ["bypass_permissions_disabled", "", "bypass permissions disabled"],
  ["constructor", "", "constructor"],
  ["", "", "ended"],
])("%s by %s is said in words", (reason, by, words) => {
  expect(endWords({ name: "luna", reason, by })).toBe(words);
});
