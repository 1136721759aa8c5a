// Carries a launch out: names and rows first, then the processes. What cannot be started leaves no
// row behind.

import { bootstrapOf } from "../bus/agents/bootstrap.ts";
import { keepInstructions } from "../bus/agents/instructions.ts";
import { append } from "../bus/append.ts";
import type { Bus } from "../bus/bus.ts";
import { noteWrapper } from "../bus/life/attach.ts";
import { abandonLaunch, type Launched, prepareInstance } from "../bus/life/prepare-instance.ts";
import { toolConfigDir } from "../config/paths.ts";
import { Refusal } from "../core/refusal.ts";
import { ensurePrivateDir } from "../sys/files.ts";
import { fs } from "../sys/fs.ts";
import { processStart } from "../sys/process.ts";
import type { RunAdditions, RunFiles } from "../tools/tool.ts";
import type { Base } from "./environment/base-of.ts";
import { environmentOf } from "./environment/environment-of.ts";
import type { LaunchPlan } from "./plan.ts";
import { type Ready, wrapperWords } from "./ready.ts";
import { keepFirstPrompt, runFilesOf, sweepRunFiles } from "./run-files.ts";
import { printedScript, startInTerminal } from "./start-in-terminal.ts";

export interface LaunchResult {
  batchId: string;
  launched: string[];
  logFiles: string[];
  /** Panes that were opened, by the terminal's own names; empty where it tells none. */
  panes: string[];
  errors: string[];
  /** Set when the one agent is to run in this very terminal. */
  here: Ready | undefined;
  /** Set when its owner takes it elsewhere: what to run there. */
  script: string | undefined;
}

export interface LaunchContextOptions {
  by: string;
  /** What the agents inherit. */
  base: Base;
  /** What an agent writes instead of `hcom` where its commands do not find it. */
  path: string | undefined;
  /** The user's arguments and what is added for the hooks of this run. */
  run: { userArgs: readonly string[]; added(keep: RunFiles["keep"]): RunAdditions };
}

export async function carryOut(
  bus: Bus,
  plan: LaunchPlan,
  options: LaunchContextOptions,
): Promise<LaunchResult> {
  const result: LaunchResult = {
    batchId: plan.batchId,
    launched: [],
    logFiles: [],
    panes: [],
    errors: [],
    here: undefined,
    script: undefined,
  };
  sweepRunFiles(bus);
  for (let n = 0; n < plan.count; n++) await startOne(bus, plan, options, result);
  if (result.launched.length === 0) {
    throw new Refusal({
      code: "launch_failed",
      message: `nothing was launched: ${result.errors.join("; ")}`,
      hint: "details: hcom status --logs",
    });
  }
  append(bus, {
    type: "life",
    instance: options.by,
    data: {
      action: "batch_launched",
      by: options.by,
      batch_id: plan.batchId,
      tool: plan.tool.name,
      count_requested: plan.count,
      launched: result.launched.length,
      failed: result.errors.length,
      background: plan.place.kind === "headless",
      tag: plan.tag,
      instances: result.launched,
    },
  });
  return result;
}

async function startOne(
  bus: Bus,
  plan: LaunchPlan,
  options: LaunchContextOptions,
  result: LaunchResult,
): Promise<void> {
  const launched = prepareInstance(bus, {
    tool: plan.tool.name,
    tag: plan.tag === "" ? null : plan.tag,
    directory: plan.directory,
    by: options.by,
    isHeadless: plan.place.kind === "headless",
    launchArgs: plan.userArgs,
    batchId: plan.batchId,
    isAnnounced: isToldInArgv(plan),
    origin: plan.origin,
    heir: plan.heir,
  });
  try {
    const ready = readyOf(bus, plan, options, launched);
    const { place } = plan;
    if (place.kind === "here") result.here = ready;
    else if (place.kind === "headless") startHeadless(bus, plan, ready);
    else if (place.kind === "print") result.script = printedScript(bus, plan, ready);
    else
      result.panes.push(
        await startInTerminal(bus, plan, ready, {
          ...place,
          inherited: options.base.inherited,
          opened: result.panes,
        }),
      );
    result.launched.push(launched.row.name);
    if (ready.logFile !== undefined) result.logFiles.push(ready.logFile);
  } catch (error) {
    abandonLaunch(bus, launched);
    result.errors.push(error instanceof Error ? error.message : String(error));
  }
}

/** A conversation that is taken up has its instructions already: of itself, or of somebody else. */
function isToldInArgv({ tool, origin }: LaunchPlan): boolean {
  if (tool.dialect.bootstrapAt !== "argv") return false;
  return origin === undefined || (origin.as === "resume" && origin.name !== undefined);
}

function readyOf(
  bus: Bus,
  plan: LaunchPlan,
  options: LaunchContextOptions,
  launched: Launched,
): Ready {
  const { row, processId } = launched;
  const logFile = plan.place.kind === "headless" ? logFileOf(bus, row.name) : undefined;
  if (logFile !== undefined) launched.setLogFile(logFile);
  const env = environmentOf(options.base.env, bus.paths, bus.settings, {
    name: row.name,
    processId,
    tool: plan.tool,
    tag: plan.tag,
    launchedBy: options.by,
    batchId: plan.batchId,
    launchEventId: row.last_event_id,
    logFile: logFile?.slice(logFile.lastIndexOf("/") + 1),
    kind: plan.kind,
  });
  const files = runFilesOf(bus.paths, processId, plan.directory);
  const added = options.run.added(files.keep);
  return {
    name: row.name,
    processId,
    env: { ...env, ...added.env },
    argv: argvOf(bus, plan, options, { launched, files, added: added.args }),
    configDir: toolConfigDir(plan.tool, env),
    logFile,
  };
}

interface Kept {
  launched: Launched;
  files: RunFiles;
  added: readonly string[];
}

function argvOf(
  bus: Bus,
  plan: LaunchPlan,
  options: LaunchContextOptions,
  { launched, files, added }: Kept,
): string[] {
  const { tool, systemPrompt } = plan;
  if (tool.launch.isToldInBootstrap === true && systemPrompt !== "") {
    keepInstructions(bus, launched.processId, systemPrompt);
  }
  const args = tool.launch.argv({
    userArgs: options.run.userArgs,
    added,
    files,
    kind: plan.kind,
    isHeadless: plan.place.kind === "headless",
    version: plan.version,
    bootstrap: isToldInArgv(plan) ? bootstrapOf(bus, launched.row, options.path) : "",
    systemPrompt,
  });
  if (plan.prompt === undefined) return args;
  if (plan.kind === "interactive" && tool.launch.isPromptTyped === true) {
    keepFirstPrompt(bus.paths, launched.processId, plan.prompt);
    return args;
  }
  return [...args, ...tool.launch.prompt(plan.prompt)];
}

function logFileOf(bus: Bus, name: string): string {
  ensurePrivateDir(bus.paths.logs);
  return `${bus.paths.logs}/background_${Math.floor(bus.system.now() / 1000)}_${name}.log`;
}

function startHeadless(bus: Bus, plan: LaunchPlan, ready: Ready): void {
  const log = fs().openSync(ready.logFile ?? "/dev/null", "a", 0o600);
  try {
    const child = Bun.spawn(wrapperWords(plan, ready), {
      cwd: plan.directory,
      env: ready.env,
      stdin: "ignore",
      stdout: log,
      stderr: log,
      detached: true,
    });
    child.unref();
    note(bus, ready.name, child.pid);
    bus.system.log({
      level: "info",
      subsystem: "launch",
      event: "headless",
      instance: ready.name,
      pid: child.pid,
    });
  } finally {
    fs().closeSync(log);
  }
}

// Until the wrapper attaches, this is all that kill has. The agent is on its way: a busy database
// does not make that a failed launch.
function note(bus: Bus, name: string, pid: number): void {
  const start = processStart(pid);
  try {
    noteWrapper(bus, name, { pid, ...(start === undefined ? {} : { start }) });
  } catch (error) {
    const msg = error instanceof Error ? error.message : String(error);
    bus.system.log({ level: "warn", subsystem: "launch", event: "no_wrapper_pid", msg, pid });
  }
}
