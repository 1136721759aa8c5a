// hcom [N] TOOL: start agents, here, in panes, or headless.

import { callerName, isInsideTool } from "../bus/agents/identity.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import type { BatchMember } from "../bus/life/batch.ts";
import type { Call, Command } from "../cli/command.ts";
import { isTerminal } from "../cli/is-terminal.ts";
import { usageError } from "../cli/parse.ts";
import { oneLine } from "../core/mail/envelope.ts";
import { exitCode } from "../core/refusal.ts";
import { runWrapper } from "../delivery/wrapper.ts";
import { prepareRun } from "../hooks/per-run.ts";
import { awaitBatch } from "../launch/await-batch.ts";
import { carryOut, type LaunchResult, type Ready } from "../launch/carry-out.ts";
import { type LaunchOrder, parseLaunch, wantsJson } from "../launch/grammar.ts";
import { type LaunchPlan, planLaunch } from "../launch/plan.ts";
import { becomeWrapper, noteOneShot, runOneShot, runPlain } from "../launch/run-here.ts";
import { launchFlags } from "../launch/words.ts";
import { findTool, toolNames } from "../tools/index.ts";
import type { Tool } from "../tools/tool.ts";

const command: Command = {
  name: "launch",
  group: "agents",
  summary: "start an agent here, or N of them",
  usage: [
    "[N] TOOL [flags] [the program's own arguments]",
    "[N] TOOL [flags] -- [arguments that hcom does not look at]",
  ],
  flags: launchFlags,
  isRaw: true,
  wantsJson,
  isHidden: true,
  examples: [
    "hcom TOOL",
    "hcom 3 TOOL --tag review",
    'hcom TOOL --headless --hcom-prompt "mend the failing tests"',
    "hcom TOOL -- --help     # the program's own help",
  ],
  exits: {
    0: "ready; in this terminal: the program's own",
    1: "failed",
    2: "wrong usage, or still starting or waiting for a person",
  },
  run: runLaunch,
};
export default command;

async function runLaunch(call: Call): Promise<number> {
  const order = parseLaunch(call.argv);
  const tool = await findTool(order.toolWord);
  if (tool === undefined) {
    if (call.argv.includes("--help") || call.argv.includes("-h")) return explain(call);
    throw usageError(command, `name an agent program: ${toolNames.join(", ")}`);
  }
  if (tool.launch.runKind(order.toolArgs) === "plain") return passOn(call, tool);
  const prepared = await prepare(call, tool, order);
  if (prepared === undefined) return exitCode.ok;
  const { plan, result } = prepared;
  if (result.here === undefined) return tell(call, plan, order, result);
  if (order.json) call.out.json(fields(plan, result));
  await call.out.flush();
  if (plan.kind === "one-shot") return runOneShot(plan, result.here);
  // With prompts in our own arguments everybody would read them for as long as the session lasts.
  const isToldInWords = order.prompt !== undefined || order.systemPrompt !== undefined;
  return isToldInWords ? becomeWrapper(plan, result.here) : runWrapped(call, plan, result.here);
}

/** What is no agent is the tool's alone. */
async function passOn(call: Call, tool: Tool): Promise<number> {
  const order = parseLaunch(call.argv, true);
  const asksForHelp = order.toolArgs.length === 1 && /^(--help|-h)$/.test(order.toolArgs[0] ?? "");
  if (asksForHelp) call.out.note(`hcom's own flags: hcom help ${tool.name}`);
  await call.out.flush();
  return runPlain(call.system, tool, order);
}

function runWrapped(call: Call, plan: LaunchPlan, ready: Ready): Promise<number> {
  const system = { ...call.system, env: ready.env };
  return runWrapper({
    system,
    tool: plan.tool,
    argv: [plan.binary, ...ready.argv],
    env: ready.env,
    name: ready.name,
    processId: ready.processId,
    directory: plan.directory,
    isHeadless: false,
    openBus: (options) => openBus(system, { ...options, writer: "wrapper" }),
    toolVersion: plan.version,
    configDir: ready.configDir,
    firstPrompt: undefined,
  });
}

async function explain(call: Call): Promise<number> {
  const { commandHelp } = await import("../cli/help.ts");
  call.out.line(commandHelp(command));
  return exitCode.ok;
}

interface Prepared {
  plan: LaunchPlan;
  result: LaunchResult;
}

// The bus is closed again before the wrapper starts: it opens its own, with its own patience.
async function prepare(call: Call, tool: Tool, order: LaunchOrder): Promise<Prepared | undefined> {
  using bus = openBus(call.system, { writer: "launch", repairModes: true });
  const plan = planLaunch(bus, tool, order, isTerminal(0) && isTerminal(1));
  if (needsPreview(bus, plan, order)) {
    preview(call, plan, order);
    return undefined;
  }
  const run = await prepareRun(call.system, tool, plan);
  for (const note of run.notes) call.out.note(note);
  const by = callerName(bus, { name: order.callerName });
  const result = carryOut(bus, plan, { by, run });
  if (result.here !== undefined && plan.kind === "one-shot") noteOneShot(bus, result.here);
  return { plan, result };
}

const largestUnasked = 5;

function needsPreview(bus: Bus, plan: LaunchPlan, order: LaunchOrder): boolean {
  if (!isInsideTool(bus) || order.go) return false;
  return order.toolArgs.length > 0 || plan.count > largestUnasked;
}

function preview(call: Call, plan: LaunchPlan, order: LaunchOrder): void {
  const where = plan.place.kind === "pane" ? plan.place.preset : plan.place.kind;
  if (order.json) {
    const { tool, count, directory, userArgs } = plan;
    const launch = { tool: tool.name, count, directory, where, arguments: userArgs };
    call.out.json({ needs_go: true, would_launch: launch });
    return;
  }
  call.out.line(`This would launch ${plan.count} ${plan.tool.label} in ${plan.directory}`);
  call.out.line(`  where: ${where}`);
  call.out.line(`  arguments: ${plan.userArgs.join(" ") || "(none)"}`);
  call.out.line("Repeat with --go to do it.");
}

/** Who was started is said at once, and how it went as soon as that is known. */
async function tell(
  call: Call,
  plan: LaunchPlan,
  order: LaunchOrder,
  result: LaunchResult,
): Promise<number> {
  if (!order.json) {
    call.out.line(`Launched ${result.launched.length} ${plan.tool.label}`);
    call.out.line(`Names: ${result.launched.join(" ")}`);
    call.out.line(`Batch id: ${result.batchId}`);
    const [pane] = result.panes;
    if (pane !== undefined && !call.system.env["TMUX"])
      call.out.line(`Look: tmux attach -t ${pane}`);
    for (const file of result.logFiles) call.out.line(`Log: ${file}`);
    for (const error of result.errors) call.out.note(`failed: ${error}`);
    await call.out.flush();
  }
  using bus = openBus(call.system, { writer: "launch" });
  const members = await awaitBatch(bus, result.batchId, result.launched);
  if (order.json) call.out.json({ ...fields(plan, result), outcomes: members });
  else sayOutcomes(call, members);
  const states = new Set(members.map(({ state }) => state));
  if (result.errors.length > 0 || states.has("failed")) return exitCode.error;
  return states.has("starting") || states.has("blocked") ? notYet : exitCode.ok;
}

/** Still starting, or waiting for a person. */
const notYet = 2;

function sayOutcomes(call: Call, members: readonly BatchMember[]): void {
  const named = (state: BatchMember["state"]) => members.filter((one) => one.state === state);
  const names = (some: readonly BatchMember[]) => some.map(({ name }) => name).join(" ");
  const ready = named("ready");
  if (ready.length > 0) call.out.line(`Ready: ${names(ready)}`);
  for (const { name, detail } of named("failed")) {
    call.out.note(`failed: ${name}: ${oneLine(detail, 200)}`);
  }
  for (const { name } of named("blocked")) {
    call.out.note(`${name} waits for a person: hcom term ${name}`);
  }
  const starting = named("starting");
  if (starting.length > 0) call.out.note(`still starting: ${names(starting)} (see: hcom list)`);
}

/** Counts as in the event `batch_launched`, names beside them. */
function fields(plan: LaunchPlan, result: LaunchResult): object {
  return {
    tool: plan.tool.name,
    batch_id: result.batchId,
    launched: result.launched.length,
    failed: result.errors.length,
    background: plan.place.kind === "headless",
    instances: result.launched,
    log_files: result.logFiles,
    errors: result.errors,
  };
}
