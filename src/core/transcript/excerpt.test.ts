import { expect, test } from "bun:test";
import fc from "fast-check";
import { excerpt } from "./excerpt.ts";

test("a match stands in the middle of its excerpt", () => {
  const text = `${"a".repeat(500)} NEEDLE ${"b".repeat(500)}`;
  const shown = excerpt(text, text.indexOf("NEEDLE"), 6, 160);
  expect(shown).toHaveLength(160);
  expect(Math.abs(shown.indexOf("NEEDLE") - 77)).toBeLessThan(3);
  expect(excerpt("one\n  two\tthree", 6, 3, 160)).toBe("one two three");
});

test("no excerpt is too long or cuts a character in two", () => {
  const piece = fc.constantFrom("a", "ü", "😀", "\n", " ", "日");
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 400 }),
      fc.nat(800),
      fc.nat(300),
      (all, at, length) => {
        const shown = excerpt(all.join(""), at, length, 160);
        expect(shown.length).toBeLessThanOrEqual(160);
        expect(shown.isWellFormed()).toBe(true);
      },
    ),
  );
});
