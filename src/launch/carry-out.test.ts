import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { type Bus, openBus } from "../bus/bus.ts";
import { noteWrapper } from "../bus/life/attach.ts";
import { killProcess } from "../bus/life/kill.ts";
import { prepareInstance } from "../bus/life/prepare-instance.ts";
import { type Instance, launchContextOf } from "../core/instance.ts";
import { getInstance } from "../store/instances.ts";
import { processStart } from "../sys/process.ts";
import { realSystem } from "../sys/system.ts";
import { tools } from "../tools/index.ts";
import { carryOut } from "./carry-out.ts";
import type { LaunchPlan, Venue } from "./plan.ts";
import type { Preset } from "./terminals/preset.ts";
import { presets } from "./terminals/presets.ts";

let dir: string;
let bus: Bus;
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/hcom-carry-`);
  mkdirSync(`${dir}/bin`);
  const env = { HOME: dir, HCOM_DIR: `${dir}/h`, PATH: `${dir}/bin:/usr/bin:/bin`, SECRET: "s" };
  bus = openBus({ ...realSystem(), env, home: dir, cwd: dir, log: () => {} });
});
afterEach(() => {
  bus[Symbol.dispose]();
  rmSync(dir, { recursive: true, force: true });
});

async function launch(place: Venue) {
  const plan: LaunchPlan = {
    tool: await tools.claude(),
    binary: "/bin/true",
    version: undefined,
    count: 1,
    directory: dir,
    tag: "",
    place,
    kind: "interactive",
    userArgs: [],
    prompt: undefined,
    systemPrompt: "",
    origin: undefined,
    heir: undefined,
    notes: [],
    batchId: "b",
  };
  const env = { HOME: dir, PATH: `${dir}/bin:/usr/bin:/bin` };
  return carryOut(bus, plan, {
    by: "user",
    base: { inherited: env, env: { ...env, SECRET: "s" } },
    path: undefined,
    run: { userArgs: [], added: () => ({ args: [], env: {} }) },
  });
}

function terminal(script: string): void {
  writeFileSync(`${dir}/bin/tmux`, `#!/bin/sh\n${script}\n`);
  chmodSync(`${dir}/bin/tmux`, 0o755);
}

const tmux = presets.find(({ name }) => name === "tmux") as Preset;
const rowOf = (name: string) => getInstance(bus.db, name) as Instance;

test("a headless launch notes its wrapper before that can speak", async () => {
  const { launched } = await launch({ kind: "headless" });
  const context = launchContextOf(rowOf(launched[0] ?? ""));
  expect(context.wrapper_pid).toBeGreaterThan(1);
  expect(context.wrapper_start).toBeString();
  expect(context.pid_namespace).toBeString();
  expect(context.process_id).toBeString();
});

test("kill ends a wrapper that has no program yet, but never a stranger", async () => {
  const { row } = prepareInstance(bus, {
    ...{ tool: "claude", tag: null, directory: dir, by: "user" },
    ...{ isHeadless: true, launchArgs: [], isAnnounced: false },
  });
  expect(await killProcess(bus, rowOf(row.name))).toBe("no_process");
  const wrapper = Bun.spawn(["sleep", "300"], { detached: true });
  try {
    noteWrapper(bus, row.name, { pid: wrapper.pid, start: "1" });
    expect(await killProcess(bus, rowOf(row.name))).toBe("no_process");
    const start = processStart(wrapper.pid) ?? "";
    noteWrapper(bus, row.name, { pid: wrapper.pid, start });
    expect(await killProcess(bus, rowOf(row.name))).toBe("ended");
    await wrapper.exited;
    expect(wrapper.signalCode).toBe("SIGTERM");
  } finally {
    wrapper.kill("SIGKILL");
  }
});

test("a terminal that fails leaves no script with the environment behind", async () => {
  terminal("echo no server >&2; exit 1");
  expect(launch({ kind: "pane", preset: tmux, isAsked: true })).rejects.toThrow(/no server/);
  await Bun.sleep(0);
  expect(readdirSync(`${bus.paths.tmp}/launch`)).toEqual([]);
});

test("what the terminal's server carries of other agents and terminals is taken away", async () => {
  // Instead of the agent, the environment that it would have.
  terminal(`for script; do :; done; sed 's/^exec .*/exec env/' "$script" > ${dir}/script`);
  await launch({ kind: "pane", preset: tmux, isAsked: true });
  const foreign = ["CLAUDECODE", "HCOM_GO", "HCOM_CLAUDE_ACTOR", "KITTY_WINDOW_ID"];
  const env = Object.fromEntries(foreign.map((name) => [name, "theirs"]));
  const run = Bun.spawnSync(["sh", `${dir}/script`], {
    env: { ...env, TMUX_PANE: "%7", PATH: "/usr/bin:/bin" },
  });
  const lines = run.stdout.toString().split("\n");
  expect(lines.filter((line) => line.endsWith("=theirs"))).toEqual([]);
  expect(lines).toContain("TMUX_PANE=%7");
  expect(lines).toContain("SECRET=s");
});
