import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FileLock } from "./file-lock.ts";

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync("/tmp/hf-");
  path = join(dir, "x-lock");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("a lock is held by one until it is released", () => {
  using second = new FileLock(path);
  {
    using first = new FileLock(path);
    expect(first.tryAcquire()).toBe(true);
    expect(second.tryAcquire()).toBe(false);
  }
  expect(second.tryAcquire()).toBe(true);
});

test("who waited on a file that was removed does not share the lock with a newcomer", () => {
  using waiter = new FileLock(path);
  using first = new FileLock(path);
  expect(first.tryAcquire()).toBe(true);
  expect(waiter.tryAcquire()).toBe(false);
  first[Symbol.dispose]();
  using newcomer = new FileLock(path);
  expect(newcomer.tryAcquire()).toBe(true);
  expect(waiter.tryAcquire()).toBe(false);
});

test("an attempt that failed does not take the lock from its holder", () => {
  using first = new FileLock(path);
  expect(first.tryAcquire()).toBe(true);
  for (let n = 0; n < 5; n++) {
    using other = new FileLock(path);
    expect(other.tryAcquire()).toBe(false);
  }
  expect(tryElsewhere()).toBe("false");
});

test("the lock is one file, without a journal beside it", () => {
  using lock = new FileLock(path);
  expect(lock.tryAcquire()).toBe(true);
  expect(readdirSync(dir)).toEqual(["x-lock"]);
});

test("nothing is left behind, and a file that was is no obstacle", () => {
  writeFileSync(path, "");
  {
    using lock = new FileLock(path);
    expect(lock.tryAcquire()).toBe(true);
  }
  expect(existsSync(path)).toBe(false);
});

test("a new lock file has the wanted mode", () => {
  using lock = new FileLock(path, { mode: 0o640 });
  lock.tryAcquire();
  expect(statSync(path).mode & 0o777).toBe(0o640);
});

test("a holder that is killed holds nothing", async () => {
  const child = Bun.spawn([process.execPath, "-e", holding("await Bun.sleep(60_000)")], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  await reader.read();
  using lock = new FileLock(path);
  expect(lock.tryAcquire()).toBe(false);
  child.kill("SIGKILL");
  await child.exited;
  expect(lock.tryAcquire()).toBe(true);
});

/** What another process gets. */
function tryElsewhere(): string {
  const run = Bun.spawnSync([process.execPath, "-e", holding("")]);
  return run.stdout.toString().trim();
}

function holding(then: string): string {
  const module = join(import.meta.dir, "file-lock.ts");
  return `const { FileLock } = await import(${JSON.stringify(module)});
    const lock = new FileLock(${JSON.stringify(path)});
    await Bun.write(Bun.stdout, String(lock.tryAcquire()) + "\\n"); ${then}`;
}
