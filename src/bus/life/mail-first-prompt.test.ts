import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { realSystem } from "../../sys/system.ts";
import { openBus } from "../bus.ts";
import { pendingMail } from "../mail/pending.ts";
import { traceMessage } from "../mail/trace.ts";
import { mailFirstPrompt } from "./mail-first-prompt.ts";
import { prepareInstance } from "./prepare-instance.ts";

test("a first prompt that was not typed waits as mail for its agent", () => {
  const dir = mkdtempSync(`${tmpdir()}/hcom-first-`);
  const env = { HOME: dir, HCOM_DIR: `${dir}/h` };
  using bus = openBus({ ...realSystem(), env, home: dir, cwd: dir, log: () => {} });
  const { row, processId } = prepareInstance(bus, {
    ...{ tool: "claude", tag: null, directory: dir, by: "user", isHeadless: false },
    ...{ launchArgs: [], isAnnounced: false },
  });
  mailFirstPrompt(bus, "somebody else", "x");
  mailFirstPrompt(bus, processId, "fix the bug");
  const { ids } = pendingMail(bus, row.name);
  expect(ids).toHaveLength(1);
  const { message, deliveries } = traceMessage(bus, ids[0] ?? 0);
  expect(message.data.text).toEndWith(": fix the bug");
  expect(deliveries.map((one) => one.state)).toEqual(["stored"]);
  rmSync(dir, { recursive: true, force: true });
});
