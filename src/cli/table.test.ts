import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { style } from "./style.ts";
import { type Column, table } from "./table.ts";

const columns: Column[] = [{}, { least: 8 }, { align: "right" }, { least: 10 }];

function lines(rows: string[][], width = Number.POSITIVE_INFINITY): string[] {
  return table(rows, columns, width).map((line) => line.join(""));
}

describe("a table", () => {
  test("is even where wide characters stand, and has no column for what nobody has", () => {
    expect(
      lines([
        ["日本語", "", "1", "a"],
        ["luna", "", "12", "b"],
      ]),
    ).toEqual(["日本語   1  a", "luna    12  b"]);
  });
  test("is cut where it is too wide, the widest column first, and says so", () => {
    expect(lines([["luna", "active: Bash", "3", "/home/somebody/work/project"]], 40)).toEqual([
      "luna  active: Bash  3  /home/somebody/w…",
    ]);
  });
  test("closes a quote that it cuts", () => {
    expect(lines([["luna", '#7 "please look at the failing test"']], 30)).toEqual([
      'luna  #7 "please look at the…"',
    ]);
  });
  test("shows a cell of several lines on one, and nothing that steers", () => {
    expect(lines([["a\r\nb", "\x1b[31mred\x1b[0m", "\u202e1", "\x9b2J"]])).toEqual([
      "a b  red  \ufffd1  \ufffd2J",
    ]);
  });
  test("keeps its colours when it is cut", () => {
    const [line] = table(
      [["luna", style.bad("permission needed for rm -rf")]],
      [{}, { least: 4 }],
      16,
    );
    expect(line).toEqual(["luna", "", "  ", expect.objectContaining({ tone: "bad" })]);
    expect(line?.join("")).toBe("luna  permissio…");
  });
  test("is never wider than it may be, and its columns begin at the same place", () => {
    const word = fc.string({ unit: "grapheme", maxLength: 30 });
    const rows = fc.array(fc.tuple(word, word, word), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 40, max: 200 }), (cells, width) => {
        const shown = table(cells, [{ least: 5 }, { least: 5 }, { least: 5 }], width);
        for (const line of shown) expect(Bun.stringWidth(line.join(""))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
