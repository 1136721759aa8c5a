// Documents that were made to cost more than they are worth: refused before that is spent.
import { afterAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { plainEnv, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

const dir = tempDir();
afterAll(() => dir[Symbol.dispose]());
const mebibyte = 1024 ** 2;

/** What the program said of that file, and the most memory that it had. */
function stats(path: string): { said: string; peak: number } {
  const words = ["sh", launcher, "--program=acomm", "--file", path, "stats"];
  const run = Bun.spawnSync(words, { env: plainEnv(dir.path), cwd: dir.path });
  return { said: `${run.stdout}${run.stderr}`, peak: run.resourceUsage.maxRSS };
}

const time = "2026-02-28T10:30:00Z";
const empty = join(dir.path, "empty.acomm");

/** The shortest records there are, as the first layout has them; `cut` bytes are missing. */
function hostile(kind: "channels" | "messages", count: number, cut: number) {
  const size = kind === "channels" ? 78 : 90;
  const store = Buffer.alloc(24 + 24 + count * size + 24);
  store.write("ACOMM001");
  store.writeUInt32LE(1, 8);
  store.writeUInt32LE(count, kind === "channels" ? 12 : 16);
  let at = kind === "channels" ? 24 : 32;
  store.writeUInt32LE(count, at);
  at += 8;
  for (let id = 1; id <= count; id++, at += size) {
    store.writeUInt32LE(id, at);
    store.writeUInt32LE(id, at + 8);
    if (kind === "messages") store.writeUInt32LE(1, at + 16);
    const timeAt = at + (kind === "channels" ? 28 : 45);
    store.writeUInt32LE(time.length, timeAt);
    store.write(time, timeAt + 8);
  }
  const path = join(dir.path, `${kind}.acomm`);
  writeFileSync(path, Bun.gzipSync(store.subarray(0, store.length - cut)));
  return { path, size: store.length };
}

test("one that breaks off at its very end costs its own size and 64 MiB at most", () => {
  const { path, size } = hostile("messages", 500_000, 5);
  const { said, peak } = stats(path);
  expect(said).toContain("it ends too early");
  expect(peak).toBeLessThan(stats(empty).peak + size + 64 * mebibyte);
});

test("one of a million empty channels is refused before one is made", () => {
  const { path, size } = hostile("channels", 1_000_000, 0);
  const { said, peak } = stats(path);
  expect(said).toContain("1000000 records are more than a document of its size can hold");
  expect(peak).toBeLessThan(stats(empty).peak + size + 64 * mebibyte);
});

test("one of half a million short messages is read, and costs a few times its size", () => {
  const { path, size } = hostile("messages", 500_000, 0);
  const { said, peak } = stats(path);
  expect(said).toContain('"message_count": 500000');
  expect(peak).toBeLessThan(stats(empty).peak + 6 * size);
});
