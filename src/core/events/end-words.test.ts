import { expect, test } from "bun:test";
import { endWords, hadProgram } from "./end-words.ts";

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
  expect(endWords({ name: "luna", reason, by, had_program: true })).toBe(words);
});

test("of a program that hcom did not start nothing is killed", () => {
  const had_program = hadProgram({ snapshot: { pid: null } });
  const end = { name: "luna", reason: "killed", by: "user", had_program };
  expect(endWords(end)).toBe("taken off the list by a person");
  expect([{ snapshot: { pid: 7 } }, { snapshot: {} }, {}].map(hadProgram)).toEqual(
    Array(3).fill(true),
  );
  expect(hadProgram({ placeholder: true, snapshot: { pid: null } })).toBe(true);
});
