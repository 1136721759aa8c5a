import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, openBus } from "../../bus/bus.ts";
import { start } from "../../bus/life/start.ts";
import { send } from "../../bus/mail/send.ts";
import { realSystem, type System } from "../../sys/system.ts";
import type { Command } from "../command.ts";
import { runCommand } from "../run.ts";

/** An agent without hooks, with one message waiting. */
async function seat(act: (system: System) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "hcom-own-mail-"));
  const env = { HOME: home, HCOM_DIR: join(home, ".hcom"), CLAUDECODE: "1" };
  const session = { ...env, CLAUDE_CODE_SESSION_ID: "s-1" };
  const system: System = { ...realSystem(), home, cwd: home, env: session };
  try {
    using bus = openBus(system);
    start(bus, { tool: "claude", as: "luna" });
    send(bus, { sender: { kind: "external", name: "x" }, targets: ["luna"], text: "hello" });
    await act(system);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function command(name: string, run: Command["run"]): Command {
  return { name, summary: "", group: "log", usage: [name], flags: [], run };
}

async function waiting(system: System): Promise<number> {
  using bus = openBus(system);
  const count = "SELECT count(*) AS n FROM deliveries WHERE state = 'stored'";
  return bus.db.get<{ n: number }>(count)?.n ?? 0;
}

test("own mail comes through the log that the command had open, which is closed behind it", () =>
  seat(async (system) => {
    let asked = 0;
    let used: Bus | undefined;
    const looking = command("looking", (call) => {
      using bus = openBus(call.system, { writer: "looking" });
      used = bus;
      const get = bus.db.get.bind(bus.db);
      bus.db.get = (...args) => {
        asked++;
        return get(...args);
      };
      return 0;
    });
    expect(await waiting(system)).toBe(1);
    expect(await runCommand(looking, [], system)).toBe(0);
    expect(asked).toBeGreaterThan(0);
    expect(await waiting(system)).toBe(0);
    expect(() => used?.db.get("SELECT 1")).toThrow();
  }));

test("what a command had open is closed when it fails, or opens another", () =>
  seat(async (system) => {
    const opened: Bus[] = [];
    const failing = command("failing", (call) => {
      for (let round = 0; round < 2; round++) {
        using bus = openBus(call.system);
        opened.push(bus);
      }
      throw new Error("as planned");
    });
    await runCommand(failing, [], { ...system, log: () => {} });
    expect(opened).toHaveLength(2);
    for (const bus of opened) expect(() => bus.db.get("SELECT 1")).toThrow();
  }));

test("a command that moves the log has closed it when it does", () =>
  seat(async (system) => {
    let isOpen = true;
    const moving = command("reset", (call) => {
      const bus = openBus(call.system);
      bus[Symbol.dispose]();
      try {
        bus.db.get("SELECT 1");
      } catch {
        isOpen = false;
      }
      return 0;
    });
    expect(await runCommand(moving, [], system)).toBe(0);
    expect(isOpen).toBe(false);
  }));
