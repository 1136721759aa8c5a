import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { appendLog } from "./log.ts";

const root = mkdtempSync("/tmp/lo-");
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a directory that was removed stays away, unless there is a bug to tell", () => {
  const dir = join(root, "removed");
  const about = { subsystem: "delivery", event: "trouble" };
  appendLog({ HCOM_DIR: dir }, { level: "warn", ...about });
  appendLog({ HCOM_DIR: dir }, { level: "warn", ...about, atMostEveryMs: 60_000 });
  expect(existsSync(dir)).toBe(false);
  appendLog({ HCOM_DIR: dir }, { level: "error", ...about });
  expect(existsSync(join(dir, ".tmp/logs/hcom.log"))).toBe(true);
});
