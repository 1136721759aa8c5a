import { afterAll, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { readTail } from "./file-tail.ts";

const folder = mkdtempSync(`${tmpdir()}/hct-`);
const path = `${folder}/log`;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what was appended is read from where the last read ended", () => {
  writeFileSync(path, "one\n");
  const first = readTail(path, 0);
  appendFileSync(path, "zwei ü\n");
  expect(first).toEqual({ text: "one\n", next: 4 });
  expect(readTail(path, 4)).toEqual({ text: "zwei ü\n", next: 12 });
  expect(readTail(path, 12)).toEqual({ text: "", next: 12 });
});

test("a negative offset counts from the end, a shortened file is read from its start", () => {
  writeFileSync(path, "0123456789");
  expect(readTail(path, -3)).toEqual({ text: "789", next: 10 });
  expect(readTail(path, -99)).toEqual({ text: "0123456789", next: 10 });
  writeFileSync(path, "new");
  expect(readTail(path, 10)).toEqual({ text: "new", next: 3 });
});

test("no more than asked for is read at once", () => {
  writeFileSync(path, "0123456789");
  expect(readTail(path, 0, 4)).toEqual({ text: "0123", next: 4 });
});

test("no file, no tail", () => expect(readTail(`${folder}/none`, 0)).toBeUndefined());
