import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import fc from "fast-check";
import type { LineMarks } from "../../core/transcript/line-marks.ts";
import { type FoundLine, findLines } from "./find-lines.ts";

const folder = mkdtempSync(`${tmpdir()}/hcom-find-lines-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = `${folder}/lines`;

function found(content: string, marks: LineMarks, takesAll = () => false): FoundLine[] {
  writeFileSync(path, content);
  const lines: FoundLine[] = [];
  findLines(path, marks, (line) => lines.push(line), takesAll);
  return lines;
}

/** The same, by reading every line. */
function byReading(content: string, { any, not }: LineMarks): FoundLine[] {
  let at = 0;
  return content.split("\n").flatMap((text) => {
    const line = { text, at };
    at += Buffer.byteLength(text) + 1;
    const isOut = not !== undefined && text.includes(not.mark) && !text.includes(not.unless);
    return any.some((mark) => text.includes(mark)) && !isOut ? [line] : [];
  });
}

const marks: LineMarks = { any: ["ab", "b!"], not: { mark: "c", unless: "dü" } };

test("marked lines are found wherever they stand, with their place", () => {
  const word = fc.constantFrom("a", "ab", "b!", "c", "dü", "\n", "\n", "x");
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      const content = words.join("");
      expect(found(content, marks)).toEqual(byReading(content, marks));
    }),
  );
});

test("a line may lie across pieces, and be larger than one", () => {
  const filler = `${"x".repeat(1000)}\n`;
  const content = [
    filler.repeat(1048),
    `ab${"ü".repeat(700_000)}b!\n`,
    filler.repeat(2000),
    "ab end",
  ].join("");
  expect(found(content, marks).map(({ at }) => at)).toEqual(
    byReading(content, marks).map(({ at }) => at),
  );
  expect(found(content, marks).at(-1)?.text).toBe("ab end");
});

test("a line without end is passed over, and what follows is found", () => {
  const content = `ab 1\n${"ab".repeat(33 << 20)}\nab 2\n`;
  expect(found(content, marks).map(({ text }) => text.slice(0, 9))).toEqual(["ab 1", "ab 2"]);
});

test("every line is taken until there is enough", () => {
  let left = 2;
  const lines = found("one\ntwo\nthree\nab\n", marks, () => left-- > 0);
  expect(lines.map(({ text }) => text)).toEqual(["one", "two", "ab"]);
});
