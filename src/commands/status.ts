// hcom status: is everything in order here?

import { listAgents } from "../bus/agents/list.ts";
import { openBus } from "../bus/bus.ts";
import { deliveryHealth } from "../bus/mail/delivery-health.ts";
import type { Call, Command } from "../cli/command.ts";
import { type DiskRoom, diskRoom } from "../config/disk-room.ts";
import { pathsOf } from "../config/paths.ts";
import { lazySettings } from "../config/settings.ts";
import { asObject, asText, parseJson } from "../core/json.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { version } from "../core/version.ts";
import { type HookResult, hooksStatus } from "../hooks/install.ts";
import { hookObstacles } from "../hooks/per-run.ts";
import { findBinary } from "../sys/binary.ts";
import { readTail } from "../sys/file-tail.ts";
import { fileExists } from "../sys/files.ts";
import { fs } from "../sys/fs.ts";
import { dirState } from "../sys/own-dir.ts";
import { toolNames, tools } from "../tools/index.ts";

const command: Command = {
  name: "status",
  group: "setup",
  summary: "is everything in order: directory, hooks, agents, recent errors",
  usage: ["status", "status --json", "status --logs"],
  mostWords: 0,
  flags: [{ name: "logs", about: "show the recent errors and warnings" }],
  run: runStatus,
};
export default command;

async function runStatus(call: Call): Promise<number> {
  const facts = await gather(call);
  if (call.json) call.out.json(facts);
  else print(call, facts);
  return exitCode.ok;
}

type Facts = Awaited<ReturnType<typeof gather>>;

async function gather(call: Call) {
  const { system } = call;
  const paths = pathsOf(system.env, system.cwd);
  const settings = lazySettings(paths, system.env);
  const room = roomIn(paths.dir);
  return {
    version: { current: version },
    hcom_dir: paths.dir,
    hcom_dir_override: paths.isDirGiven,
    hcom_exists: fileExists(paths.dir),
    hcom_writable: room === "ok",
    hcom_room: room,
    project_root: paths.root,
    config_valid: settings.problems().length === 0,
    config_errors: settings.problems(),
    tools: await toolFacts(call),
    ...databaseFacts(call, paths.db),
    logs: logFacts(paths.log, system.now()),
  };
}

type DatabaseFacts = ReturnType<typeof agentFacts> | typeof noAgents;

const states = ["active", "listening", "blocked", "error", "launching", "inactive"] as const;

const noAgents = { instances: { total: 0 }, delivery: null } as const;

/** A database that cannot be read is a finding here, not a failure. */
function databaseFacts(call: Call, path: string): DatabaseFacts & { database: string } {
  if (!fileExists(path)) return { ...noAgents, database: "not made yet" };
  try {
    return { ...agentFacts(call), database: "ok" };
  } catch (error) {
    if (error instanceof Refusal) return { ...noAgents, database: error.message };
    throw error;
  }
}

interface ToolFacts {
  installed: boolean;
  hooks: string;
  /** Why they do not run. */
  hook_obstacles: string[];
}

async function toolFacts(call: Call): Promise<Record<string, ToolFacts>> {
  const { system } = call;
  const states = await hooksStatus(system);
  const facts: Record<string, ToolFacts> = {};
  for (const name of toolNames) {
    const tool = await tools[name]();
    const state = states.find((one) => one.tool === name);
    facts[name] = {
      installed: findBinary(tool.binary, call.system.env) !== undefined,
      hooks: hooksWord(state),
      hook_obstacles: await hookObstacles(system, tool, {
        directory: system.cwd,
        // Where none stand, a launch passes them, and asks the tool itself.
        arePassed: state?.standing === undefined,
        asksTool: state?.standing !== undefined,
      }),
    };
  }
  return facts;
}

function hooksWord(state: HookResult | undefined): string {
  if (state?.error !== undefined) return "refused";
  return state?.wasInPlace === true ? "installed" : "not_installed";
}

function agentFacts(call: Call) {
  using bus = openBus(call.system, { writer: "status", repairModes: true });
  const agents = listAgents(bus);
  // Scripts read every state, also one in which nobody is.
  const count: Record<string, number> = Object.fromEntries(states.map((state) => [state, 0]));
  for (const agent of agents)
    count[agent.computed.status] = (count[agent.computed.status] ?? 0) + 1;
  return { instances: { ...count, total: agents.length }, delivery: deliveryHealth(bus) };
}

/** Only in a directory of ours something is tried. */
function roomIn(dir: string): DiskRoom {
  if (dirState(dir).kind === "ours") return diskRoom(dir);
  try {
    fs().accessSync(dir, fs().constants.W_OK);
    return "ok";
  } catch {
    return "read-only";
  }
}

const recentMs = 3_600_000;

function logFacts(path: string, nowMs: number) {
  const lines = (readTail(path, -200_000)?.text ?? "").split("\n");
  const entries = lines
    .map((line) => asObject(parseJson(line)))
    .filter((entry) => entry["level"] === "error" || entry["level"] === "warn")
    .filter((entry) => nowMs - Date.parse(asText(entry["ts"]) ?? "") < recentMs);
  const errors = entries.filter((entry) => entry["level"] === "error");
  return {
    error_count: errors.length,
    warn_count: entries.length - errors.length,
    last_error: errors.at(-1) ?? null,
    entries: entries.slice(-20),
  };
}

function print(call: Call, facts: Facts): void {
  const { out } = call;
  const room = facts.hcom_room === "full" ? "the disk is full" : facts.hcom_room;
  const place = facts.hcom_exists ? room : "not made yet";
  out.line(`hcom ${facts.version.current}`);
  out.line(`directory: ${facts.hcom_dir} (${place}${facts.hcom_dir_override ? ", HCOM_DIR" : ""})`);
  out.line(`database: ${facts.database}`);
  out.line(`settings: ${facts.config_valid ? "ok" : facts.config_errors.join("; ")}`);
  for (const [name, tool] of Object.entries(facts.tools)) {
    const hooks = tool.hooks.replace("_", " ");
    out.line(`${name}: ${tool.installed ? "installed" : "not found"}, hooks ${hooks}`);
    for (const obstacle of tool.hook_obstacles) out.line(`  hooks do not run: ${obstacle}`);
  }
  const counts = Object.entries(facts.instances).filter(
    ([status, count]) => status !== "total" && count > 0,
  );
  const shown = counts.map(([status, count]) => `${count} ${status}`).join(", ");
  out.line(`agents: ${shown === "" ? "none" : shown}`);
  if (facts.delivery !== null) {
    const { waiting, unproven, dead } = facts.delivery;
    out.line(
      `mail: ${waiting} waiting, ${unproven} handed over and unproven, ${dead} undeliverable`,
    );
  }
  out.line(`last hour: ${facts.logs.error_count} errors, ${facts.logs.warn_count} warnings`);
  if (!call.flags.has("logs")) return;
  for (const entry of facts.logs.entries) out.line(`  ${JSON.stringify(entry)}`);
}
