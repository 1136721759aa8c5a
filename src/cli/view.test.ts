import { expect, test } from "bun:test";
import { painted, style } from "./style.ts";
import { isColoured } from "./view.ts";

test("colours are for terminals, and the environment has the last word", () => {
  expect(isColoured({}, true)).toBe(true);
  expect(isColoured({}, false)).toBe(false);
  expect(isColoured({ TERM: "dumb" }, true)).toBe(false);
  expect(isColoured({ NO_COLOR: "1" }, true)).toBe(false);
  expect(isColoured({ NO_COLOR: "" }, true)).toBe(true);
  expect(isColoured({ FORCE_COLOR: "1" }, false)).toBe(true);
  expect(isColoured({ FORCE_COLOR: "0" }, true)).toBe(false);
  expect(isColoured({ FORCE_COLOR: "1", NO_COLOR: "1" }, true)).toBe(false);
});

test("what is painted is cleaned first", () => {
  const upper = (text: string) => text.toUpperCase();
  const parts = ["a ", style.bad("b"), style.faint("")];
  expect(painted(parts, true, upper)).toBe("A \x1b[31mB\x1b[39m");
  expect(painted(parts, false, upper)).toBe("A B");
  expect(`${style.bad("b")}`).toBe("b");
});
