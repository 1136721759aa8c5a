import { afterAll, expect, test } from "bun:test";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { Refusal } from "../core/refusal.ts";
import { fileSize, newestMatch } from "./file-find.ts";
import { readLines } from "./file-lines.ts";

const folder = mkdtempSync(`${tmpdir()}/hcom-lines-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function linesOf(path: string, from = 0) {
  const lines: string[] = [];
  const read = await readLines(path, from, (line) => void lines.push(line));
  return { lines, ...read };
}

test("a file comes line by line, and what is unfinished comes apart", async () => {
  const path = `${folder}/a`;
  writeFileSync(path, "one\n\ntwo ü\nhalf");
  expect(await linesOf(path)).toEqual({ lines: ["one", "", "two ü"], next: 12, rest: "half" });
  appendFileSync(path, " done\nnext\n");
  expect(await linesOf(path, 12)).toEqual({ lines: ["half done", "next"], next: 27, rest: "" });
  expect(await linesOf(path, 27)).toEqual({ lines: [], next: 27, rest: "" });
});

test("lines and characters that lie across pieces are whole", async () => {
  const path = `${folder}/b`;
  const wanted = [7, 300_000, 1 << 20, 0, 3_000_001, 12].map((length) => "😀".repeat(length));
  writeFileSync(path, `${wanted.join("\n")}\n`);
  const { lines, rest } = await linesOf(path);
  expect(lines.map((line) => line.length)).toEqual(wanted.map((line) => line.length));
  expect(lines.every((line, at) => line === wanted[at])).toBe(true);
  expect(rest).toBe("");
});

test("a line beyond all measure is passed over, the next ones are not", async () => {
  const path = `${folder}/c`;
  writeFileSync(path, Buffer.concat([Buffer.alloc(70 << 20, "x"), Buffer.from("\nnext\n")]));
  const { lines } = await linesOf(path);
  expect(lines).toEqual(["", "next"]);
});

test("a missing file is none, one that cannot be read is refused", async () => {
  expect(await readLines(`${folder}/none`, 0, () => {})).toBeUndefined();
  expect(await readLines(`${folder}/a/below`, 0, () => {})).toBeUndefined();
  await expect(readLines(folder, 0, () => {})).rejects.toThrow(Refusal);
});

test("the newest file that fits is found, in folders with a dot, too", async () => {
  mkdirSync(`${folder}/.cfg/x`, { recursive: true });
  mkdirSync(`${folder}/.cfg/y`);
  for (const [at, name] of ["x", "y"].entries()) {
    writeFileSync(`${folder}/.cfg/${name}/s.jsonl`, "{}");
    utimesSync(`${folder}/.cfg/${name}/s.jsonl`, 1000 + at, 1000 + at);
  }
  expect(await newestMatch(`${folder}/.cfg`, ["*/s.jsonl"])).toBe(`${folder}/.cfg/y/s.jsonl`);
  expect(await newestMatch(`${folder}/.cfg`, ["*/t.jsonl"])).toBeUndefined();
  expect(await newestMatch(`${folder}/nowhere`, ["*/s.jsonl"])).toBeUndefined();
  expect([fileSize(`${folder}/.cfg/x/s.jsonl`), fileSize(folder), fileSize("/none")]).toEqual([
    2,
    undefined,
    undefined,
  ]);
});
