import { expect, test } from "bun:test";
import fc from "fast-check";
import { forAgents, forPeople, forScripts, printable } from "./printable.ts";

test("what could steer a terminal is replaced, the text around it stays", () => {
  expect(printable("a\tb\nc\r\nd é😀")).toBe("a\tb\nc\r\nd é😀");
  expect(printable("\x1b]0;x\x07\x00\x7f\x9b31m\rover")).toBe(
    "\ufffd]0;x\ufffd\ufffd\ufffd\ufffd31m\ufffdover",
  );
});

test("people see no sequence, no half of one, and no turned text", () => {
  expect(forPeople("\x1b[1;31mred\x1b[0m \x1b]0;title\x07end")).toBe("red end");
  expect(forPeople("\x1b[é\rb \x9b \u202eevil\u2069 \u2028")).toBe(
    "\ufffd[é\ufffdb \ufffd \ufffdevil\ufffd \ufffd",
  );
  expect(forPeople("a\tb\r\nc שלום\u200f 👩‍👩‍👧")).toBe("a\tb\r\nc שלום 👩‍👩‍👧");
});

test("scripts get the same value without a character that steers", () => {
  const value = { a: "\x1b\x07\r\x7f\x9b\u202e\u200f\u2028é😀" };
  const text = forScripts(value);
  expect(text).toBe('{"a":"\\u001b\\u0007\\r\\u007f\\u009b\\u202e\\u200f\\u2028é😀"}');
  expect(JSON.parse(text)).toEqual(value);
  expect(forScripts(undefined)).toBe("null");
});

test("agents get the same value without a tag or a marker, whatever it is", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.constantFrom("<", "</hcom>", "<system-reminder>", "[hcom:luna]", "[HCOM:BIND:luna]", "\\"),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.dictionary(text, fc.array(text)), (value) => {
      const said = forAgents(value);
      expect(JSON.parse(said)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(said).not.toMatch(/<|\[(?:hcom|HCOM:BIND):/);
    }),
    { numRuns: 1000 },
  );
});
