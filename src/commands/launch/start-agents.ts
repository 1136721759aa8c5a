// Starts what a launch, a resume or a fork asks for, and goes on as its program where it runs here.
import { callerName, isInsideTool } from "../../bus/agents/identity.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import type { Call } from "../../cli/command.ts";
import { isTerminal } from "../../cli/is-terminal.ts";
import { readBodyFile } from "../../cli/message-body.ts";
import { pathsOf } from "../../config/paths.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { runWrapper } from "../../delivery/wrapper.ts";
import { prepareRun } from "../../hooks/per-run.ts";
import { pathInsteadOfWord } from "../../launch/agents-word.ts";
import { carryOut, type LaunchResult } from "../../launch/carry-out.ts";
import { baseOf, personsEnvironment } from "../../launch/environment/base-of.ts";
import type { LaunchOrder } from "../../launch/grammar.ts";
import { type LaunchPlan, planLaunch, type TakenUp } from "../../launch/plan.ts";
import type { Ready } from "../../launch/ready.ts";
import { takeFirstPrompt } from "../../launch/run-files.ts";
import { becomeWrapper, noteOneShot, runOneShot } from "../../launch/run-here.ts";
import { keepWorker } from "../../relay/keep-worker.ts";
import type { Tool } from "../../tools/tool.ts";
import { fields, tell, tellScript } from "./outcomes.ts";

export async function startAgents(
  call: Call,
  tool: Tool,
  order: LaunchOrder,
  origin?: TakenUp,
): Promise<number> {
  const prompt = firstPromptOf(call, order);
  const prepared = await prepare(call, tool, { ...order, prompt }, origin);
  if (prepared === undefined) return exitCode.ok;
  const { plan, result } = prepared;
  if (result.script !== undefined) return tellScript(call, plan, result, result.script);
  if (result.here === undefined) return tell(call, plan, order, result);
  if (order.json) call.out.json(fields(plan, result));
  await call.out.flush();
  if (plan.kind === "one-shot") return runOneShot(plan, result.here);
  // With prompts in our own arguments everybody would read them for as long as the session lasts.
  const isToldInWords = order.prompt !== undefined || order.systemPrompt !== undefined;
  return isToldInWords ? becomeWrapper(plan, result.here) : runWrapped(call, plan, result.here);
}

function firstPromptOf(call: Call, { prompt, promptFile }: LaunchOrder): string | undefined {
  if (promptFile === undefined) return prompt;
  if (prompt !== undefined) {
    throw new Refusal({
      code: "usage",
      exit: exitCode.usage,
      message: "the first prompt is given twice: by --hcom-prompt and by --hcom-prompt-file",
      hint: "leave one of them out",
    });
  }
  const within = isInsideTool(call) ? call.system.cwd : undefined;
  return readBodyFile(promptFile, "give it with --hcom-prompt TEXT", within);
}

interface Prepared {
  plan: LaunchPlan;
  result: LaunchResult;
}

// The bus is closed again before the wrapper starts: it opens its own, with its own patience.
async function prepare(
  call: Call,
  tool: Tool,
  order: LaunchOrder,
  origin: TakenUp | undefined,
): Promise<Prepared | undefined> {
  using bus = openBus(call.system, { writer: "launch", repairModes: true });
  const person = await personsEnvironment(call.system.env);
  const hasTerminal = isTerminal(0) && isTerminal(1);
  const plan = planLaunch(bus, tool, order, { hasTerminal, origin, person });
  if (needsPreview(bus, plan, order)) {
    preview(call, plan, order);
    return undefined;
  }
  const base = baseOf(bus, { tool, isHere: plan.place.kind === "here", person });
  const [run, path] = await Promise.all([
    prepareRun({ ...call.system, env: base.env }, tool, plan),
    pathInsteadOfWord(tool, base.env),
  ]);
  for (const note of [...plan.notes, ...run.notes]) call.out.note(note);
  const by = callerName(bus, { name: order.callerName });
  const result = await carryOut(bus, plan, { by, base, path, run });
  if (result.here !== undefined && plan.kind === "one-shot") noteOneShot(bus, result.here);
  return { plan, result };
}

const largestUnasked = 5;

function needsPreview(bus: Bus, plan: LaunchPlan, order: LaunchOrder): boolean {
  if (!isInsideTool(bus) || order.go) return false;
  return order.toolArgs.length > 0 || plan.count > largestUnasked;
}

function preview(call: Call, plan: LaunchPlan, order: LaunchOrder): void {
  const where = plan.place.kind === "pane" ? plan.place.preset.name : plan.place.kind;
  if (order.json) {
    const { tool, count, directory, userArgs } = plan;
    const launch = { tool: tool.name, count, directory, where, arguments: userArgs };
    call.out.json({ needs_go: true, would_launch: launch });
    return;
  }
  const what = plan.origin === undefined ? "launch" : plan.origin.as;
  const whom = plan.origin?.name === undefined ? "" : ` ${plan.origin.name}:`;
  const agents = `${plan.count} ${plan.tool.label} in ${plan.directory}`;
  call.out.line(`This would ${what}${whom} ${agents}`);
  call.out.line(`  where: ${where}`);
  call.out.line(`  arguments: ${plan.userArgs.join(" ") || "(none)"}`);
  call.out.line("Repeat with --go to do it.");
}

async function runWrapped(call: Call, plan: LaunchPlan, ready: Ready): Promise<number> {
  const system = { ...call.system, env: ready.env };
  using _worker = keepWorker(system);
  return await runWrapper({
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
    firstPrompt: takeFirstPrompt(pathsOf(system.env, system.cwd), ready.processId),
  });
}
