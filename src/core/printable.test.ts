import { describe, expect, test } from "bun:test";
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

describe("each kind of character that steers, alone", () => {
  const kinds: Readonly<Record<string, readonly [number, number]>> = {
    "C0 below the tab": [0x00, 0x08],
    "C0 above the line end": [0x0b, 0x0c],
    "C0 behind the return": [0x0e, 0x1f],
    DEL: [0x7f, 0x7f],
    C1: [0x80, 0x9f],
    "line separators and embeddings": [0x2028, 0x202e],
    isolates: [0x2066, 0x2069],
  };
  for (const [kind, [first, last]] of Object.entries(kinds)) {
    test(kind, () => {
      for (let point = first; point <= last; point++) {
        const text = `a${String.fromCodePoint(point)}b`;
        expect([point, forPeople(text)]).toEqual([point, "a\ufffdb"]);
        if (point < 0xa0) expect([point, printable(text)]).toEqual([point, "a\ufffdb"]);
        const said = forScripts(text);
        expect([point, /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/.test(said)]).toEqual([
          point,
          false,
        ]);
        expect(JSON.parse(said)).toBe(text);
      }
    });
  }
  test("marks of no width that turn the direction take no room", () => {
    for (const mark of ["\u061c", "\u200e", "\u200f"]) {
      expect(forPeople(`a${mark}b`)).toBe("ab");
      expect(forScripts(mark)).toMatch(/^"\\u[0-9a-f]{4}"$/);
    }
  });
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
