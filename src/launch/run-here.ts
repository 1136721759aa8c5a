// Runs that need no wrapper: an agent that answers and ends, and whatever is no agent at all. Our
// process becomes the program, so that nothing of us is left to differ from the bare one.

import type { Bus } from "../bus/bus.ts";
import { attachWrapper } from "../bus/life/attach.ts";
import { movedDirs, pathsOf } from "../config/paths.ts";
import { lazySettings } from "../config/settings.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { become, type Program } from "../sys/become.ts";
import { processStart } from "../sys/process.ts";
import type { System } from "../sys/system.ts";
import type { Tool } from "../tools/tool.ts";
import type { LaunchOrder } from "./grammar.ts";
import { type LaunchPlan, requireBinary } from "./plan.ts";
import { type Ready, wrapperWords } from "./ready.ts";

/**
 * `claude mcp list`, `codex --version`: no row, no hooks, no flags, no environment of ours. Where a
 * launch takes the program elsewhere, a login goes there, too.
 */
export function runPlain(system: System, tool: Tool, order: LaunchOrder): never {
  const { env, cwd } = system;
  const refused = whatStartsAgents(order);
  if (refused !== undefined) {
    const words = [tool.binary.name, ...order.toolArgs].join(" ");
    throw new Refusal({
      code: "usage",
      exit: exitCode.usage,
      message: `"${words}" starts no agent: ${refused} means nothing to it`,
      hint: `leave ${refused} out`,
    });
  }
  const path = requireBinary(tool, env);
  const paths = pathsOf(env, cwd);
  const moved = movedDirs(tool, env, { paths, settings: lazySettings(paths, env) });
  const argv = [tool.binary.name, ...order.toolArgs];
  start({ path, argv, env: { ...env, ...moved }, directory: order.dir ?? cwd });
}

function whatStartsAgents(order: LaunchOrder): string | undefined {
  if (order.count > 1) return String(order.count);
  if (order.isHeadless) return "--headless";
  if (order.terminal !== undefined) return "--terminal";
  if (order.promptFile !== undefined) return "--hcom-prompt-file";
  return order.prompt === undefined ? undefined : "--hcom-prompt";
}

/**
 * Our process is the agent's from now on. Nobody says goodbye for it: its session's last hook does,
 * or whoever looks next and finds the process gone.
 */
export function noteOneShot(bus: Bus, ready: Ready): void {
  const { pid } = bus.system;
  const start = processStart(pid);
  attachWrapper(bus, {
    processId: ready.processId,
    name: ready.name,
    pid,
    wrapperPid: pid,
    configDir: ready.configDir,
    ...(start === undefined ? {} : { pidStart: start, wrapperStart: start }),
  });
}

/** A session in this terminal under a wrapper that has nothing but the program's own arguments. */
export function becomeWrapper(plan: LaunchPlan, ready: Ready): never {
  const argv = wrapperWords(plan, ready);
  start({ path: argv[0] ?? "", argv, env: ready.env, directory: plan.directory });
}

export function runOneShot(plan: LaunchPlan, ready: Ready): never {
  start({
    path: plan.binary,
    argv: [plan.tool.binary.name, ...ready.argv],
    env: ready.env,
    directory: plan.directory,
  });
}

function start(program: Program): never {
  try {
    return become(program);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal({
      code: "launch_failed",
      message: `${program.path} could not be started: ${reason}`,
      hint: "try it without hcom",
    });
  }
}
