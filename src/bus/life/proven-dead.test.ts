// Processes that ended without a word: their rows and their sockets go, and who only stands still
// stays.
import { afterEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { getInstance, updateInstance } from "../../store/instances.ts";
import { processStart } from "../../sys/process.ts";
import { realSystem } from "../../sys/system.ts";
import { openBus } from "../bus.ts";
import { attachWrapper } from "./attach.ts";
import { listAgents } from "./list.ts";
import { prepareInstance } from "./prepare-instance.ts";

const dir = mkdtempSync("/tmp/pd-");
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function endedPid(): Promise<{ pid: number; start: string }> {
  const child = Bun.spawn(["sleep", "60"]);
  const start = processStart(child.pid) ?? "";
  child.kill();
  await child.exited;
  return { pid: child.pid, start };
}

test("the dead go with their socket, at once after one answer; a suspended one stays", async () => {
  const system = { ...realSystem(), env: { HCOM_DIR: `${dir}/h`, HOME: dir }, log: () => {} };
  using bus = openBus({ ...system, home: dir });
  const as = { tool: "claude", tag: null, directory: dir, by: "user", isHeadless: false };
  const rows = ["one-shot", "wrapped", "suspended"].map(
    () => prepareInstance(bus, { ...as, launchArgs: [], isAnnounced: false }).row.name,
  );
  const [oneShot = "", wrapped = "", suspended = ""] = rows;
  const [gone, wrapper] = [await endedPid(), await endedPid()];
  const socket = `${dir}/w${wrapper.pid}.sock`;
  writeFileSync(socket, "");
  const attach = (name: string, tool: typeof gone, by: typeof gone, controlSocket?: string) =>
    attachWrapper(bus, {
      processId: name,
      name,
      pid: tool.pid,
      pidStart: tool.start,
      wrapperPid: by.pid,
      wrapperStart: by.start,
      ...(controlSocket === undefined ? {} : { controlSocket }),
    });
  const me = { pid: process.pid, start: processStart(process.pid) ?? "" };
  attach(oneShot, gone, gone);
  attach(wrapped, gone, wrapper, socket);
  attach(suspended, gone, me);
  const now = system.now() / 1000;
  updateInstance(bus.db, oneShot, { last_stop: now });
  updateInstance(bus.db, wrapped, { last_stop: now - 60, status: "active" });
  const longAgo = { last_stop: now - 9000, status_time: now - 9000, created_at: now - 9000 };
  updateInstance(bus.db, suspended, { ...longAgo, status: "listening", status_context: "x" });
  listAgents(bus);
  expect(rows.map((name) => getInstance(bus.db, name) !== undefined)).toEqual([false, false, true]);
  expect(existsSync(socket)).toBe(false);
});
