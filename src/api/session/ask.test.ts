// The helper process as its caller sees it. What it can be asked: tests/process/library.test.ts.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../core/refusal.ts";
import { ask } from "./ask.ts";

const dir = mkdtempSync("/tmp/hcom-helper-");
const before = process.env["HCOM_DIR"];
beforeAll(() => {
  process.env["HCOM_DIR"] = join(dir, ".hcom");
});
afterAll(() => {
  if (before === undefined) delete process.env["HCOM_DIR"];
  else process.env["HCOM_DIR"] = before;
  rmSync(dir, { recursive: true, force: true });
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "answered",
    (error) => (error instanceof Refusal ? error.code : `bug: ${error}`),
  );
}

const speaker = { as: "ci", external: true };
const asker = (text: string) => ask("send", { ...speaker, message: text, to: ["bigboss"] });

test("two first calls share one helper, and a long one keeps no other waiting", async () => {
  const waiting = ask<{ data: { text: string } }>("wait", { sql: "msg_from = 'ci'", timeout: 20 });
  const [first] = await Promise.all([asker("one"), ask("subscriptions", {})]);
  expect(first).toMatchObject({ names: ["bigboss"] });
  expect((await waiting).data.text).toBe("one");
});

test("SQL that does not come to an end is ended, and the next call works", async () => {
  for (let n = 0; n < 20; n++) await asker(`message ${n}`);
  const tables = [..."abcdefghi"].map((letter) => `events ${letter}`).join(", ");
  const sql = `(SELECT count(*) FROM ${tables}) < 0`;
  const endless = ask("wait", { sql, timeout: 0 }, { seconds: 0.3 });
  expect(await codeOf(endless)).toBe("no_answer");
  expect(await codeOf(asker("still here"))).toBe("answered");
});

test("an unknown call is a bug, and one with wrong parameters wrong usage", async () => {
  expect(await codeOf(ask("fly", {}))).toBe("bug");
  expect(await codeOf(ask("instances", { nmae: "luna" }))).toBe("usage");
  expect(await codeOf(ask("events", { last: "many" }))).toBe("usage");
  expect(await codeOf(ask("wait", { timeout: -1 }))).toBe("usage");
  expect(await codeOf(ask("events", { params: [{}] }))).toBe("usage");
});
