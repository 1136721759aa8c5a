import { expect, test } from "bun:test";
import { printable } from "./printable.ts";

test("what could steer a terminal is replaced, the text around it stays", () => {
  expect(printable("a\tb\nc\r\nd é😀")).toBe("a\tb\nc\r\nd é😀");
  expect(printable("\x1b]0;x\x07\x00\x7f\x9b31m\rover")).toBe(
    "\ufffd]0;x\ufffd\ufffd\ufffd\ufffd31m\ufffdover",
  );
});
