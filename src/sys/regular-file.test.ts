import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLines } from "./file-lines.ts";
import { readTail } from "./file-tail.ts";
import { readText } from "./files.ts";

test("a pipe, a device and a folder are read by nobody, at once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hcom-regular-"));
  const pipe = join(folder, "pipe");
  expect(Bun.spawnSync(["mkfifo", pipe]).success).toBe(true);
  writeFileSync(join(folder, "file"), "one\n");
  for (const path of [pipe, "/dev/zero", folder]) {
    expect(readTail(path, 0)).toBeUndefined();
    expect(() => readText(path)).toThrow(/not a regular file/);
    expect(readLines(path, 0, () => {})).rejects.toThrow(/ENOTREG/);
  }
  expect(readTail(join(folder, "file"), 0)?.text).toBe("one\n");
  expect(readText(join(folder, "file"))).toBe("one\n");
  rmSync(folder, { recursive: true });
});
