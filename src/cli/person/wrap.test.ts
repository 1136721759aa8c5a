import { expect, test } from "bun:test";
import { style, textOf } from "../style.ts";
import { wrapped } from "./wrap.ts";

const texts = (lines: ReturnType<typeof wrapped>) => lines.map((line) => line.map(textOf).join(""));

test("what fits stays one line, and where nobody looks everything does", () => {
  const line = ["  luna: ", style.good("in its context"), " via hook"];
  expect(texts(wrapped(line, { width: 80, indent: 4 }))).toEqual([
    "  luna: in its context via hook",
  ]);
  const long = ["x ".repeat(500)];
  expect(wrapped(long, { width: Number.POSITIVE_INFINITY, indent: 4 })).toHaveLength(1);
});

test("a long line breaks between words and goes on indented", () => {
  const line = ["  now: ", style.warn("unsent text stands in its input box")];
  expect(texts(wrapped(line, { width: 24, indent: 7 }))).toEqual([
    "  now: unsent text",
    "       stands in its",
    "       input box",
  ]);
});

test("a word keeps its tone on every line, and wide characters count as two", () => {
  const lines = wrapped([style.bad("日本語 日本語 日本語")], { width: 14, indent: 0 });
  expect(texts(lines)).toEqual(["日本語 日本語", "日本語"]);
  expect(lines.flat().filter((part) => textOf(part).trim() !== "")).toSatisfy((parts) =>
    parts.every((part) => typeof part !== "string" && part.tone === "bad"),
  );
});

test("a word that is longer than the line is broken, never lost", () => {
  const word = `somebody${"-deep".repeat(12)}end`;
  const lines = texts(wrapped(["at: ", word], { width: 30, indent: 4 }));
  expect(lines.every((line) => Bun.stringWidth(line) <= 30)).toBe(true);
  expect(lines.map((line) => line.trim()).join("")).toBe(`at: ${word}`);
});

test("a command and a path are in one piece, to be copied, however narrow the terminal is", () => {
  const path = `/home/somebody/${"deep/".repeat(12)}end`;
  const line = ["  next: ", style.strong("hcom term api-luna --clean"), ", or look into ", path];
  expect(texts(wrapped(line, { width: 30, indent: 4 }))).toEqual([
    "  next:",
    "    hcom term api-luna --clean,",
    "    or look into",
    `    ${path}`,
  ]);
});

test("a command in a sentence is not broken between its words", () => {
  const lines = wrapped(["it reads it with hcom inbox. Then: see: hcom config --help"], {
    ...{ width: 24, indent: 2 },
  }).map((line) => line.map(textOf).join(""));
  expect(lines).toEqual(["it reads it with", "  hcom inbox. Then: see:", "  hcom config --help"]);
});
