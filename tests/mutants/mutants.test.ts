// The planted bugs of `npm run mutants` keep fitting into the source, and name tests that exist.
import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mutants } from "./index.ts";

const root = join(import.meta.dir, "../..");

test("each planted bug stands exactly once where it should", () => {
  const misfits = mutants.filter(({ file, from }) => {
    const path = join(root, file);
    return !existsSync(path) || readFileSync(path, "utf8").split(from).length !== 2;
  });
  expect(misfits.map(({ file, breaks }) => `${file}: ${breaks}`)).toEqual([]);
});

test("each names the tests nearest to it", () => {
  const missing = mutants.flatMap(({ near }) => near.filter((one) => !existsSync(join(root, one))));
  expect(missing).toEqual([]);
});

test("there are at least 60, and no two alike", () => {
  expect(mutants.length).toBeGreaterThanOrEqual(60);
  expect(new Set(mutants.map((one) => `${one.file} ${one.breaks}`)).size).toBe(mutants.length);
});
