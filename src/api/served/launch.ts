// Starting agents for a program: as `hcom [N] TOOL` does, never in the terminal of the caller.
import { callerName } from "../../bus/agents/identity.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { findOrigin } from "../../bus/life/origin.ts";
import type { Values } from "../../core/channels/shape.ts";
import { Refusal } from "../../core/refusal.ts";
import { prepareRun } from "../../hooks/per-run.ts";
import { pathInsteadOfWord } from "../../launch/agents-word.ts";
import { awaitBatch } from "../../launch/await-batch.ts";
import { carryOut } from "../../launch/carry-out.ts";
import { baseOf, personsEnvironment } from "../../launch/environment/base-of.ts";
import type { LaunchOrder } from "../../launch/grammar.ts";
import { planLaunch, type TakenUp } from "../../launch/plan.ts";
import type { System } from "../../sys/system.ts";
import { findTool, toolNames } from "../../tools/index.ts";
import { shellSplit } from "../../tools/shell-quote.ts";
import type { Tool } from "../../tools/tool.ts";
import { readParams } from "../rpc/params.ts";
import type { LaunchResult } from "../session/shapes.ts";

const shape = {
  ...({ count: "count?", tool: "text?", tag: "text?", prompt: "text?" } as const),
  ...({ systemPrompt: "text?", background: "flag?", args: "texts?", argText: "text?" } as const),
  ...({ resume: "text?", fork: "flag?", cwd: "text?" } as const),
} as const;

export async function launch(system: System, params: unknown): Promise<LaunchResult> {
  const given = readParams(params, shape);
  if (given.count === 0) throw new Refusal({ code: "usage", message: "0 agents is none" });
  using bus = openBus(system, { writer: "launch", repairModes: true });
  const origin = await originOf(bus, given);
  const tool = origin?.tool ?? (await toolOf(given.tool));
  const person = await personsEnvironment(system.env);
  const from = { hasTerminal: false, origin, person };
  const plan = planLaunch(bus, tool, orderOf(tool, given), from);
  const base = baseOf(bus, { tool, isHere: false, person });
  const [run, path] = await Promise.all([
    prepareRun({ ...system, env: base.env }, tool, plan),
    pathInsteadOfWord(tool, base.env),
  ]);
  const result = await carryOut(bus, plan, { by: callerName(bus, {}), base, path, run });
  const members = await awaitBatch(bus, result.batchId, { names: result.launched });
  return {
    tool: tool.name,
    batch_id: result.batchId,
    launched: result.launched.length,
    failed: result.errors.length,
    background: plan.place.kind === "headless",
    log_files: result.logFiles,
    handles: members.map(({ name, state, detail }) => {
      return { tool: tool.name, instance_name: name, state, detail };
    }),
    errors: result.errors.map((error) => ({ tool: tool.name, error })),
  };
}

async function originOf(
  bus: Bus,
  { resume, fork }: { resume?: string | undefined; fork?: boolean | undefined },
): Promise<TakenUp | undefined> {
  if (resume === undefined) return undefined;
  const origin = await findOrigin(bus, resume);
  if (fork === true) return { ...origin, as: "fork" };
  if (!origin.isLive) return { ...origin, as: "resume" };
  throw new Refusal({
    code: "still_runs",
    message: `${origin.name ?? resume} still runs: one session cannot go on in two places`,
    hint: "stop it first, or fork it: launch({ resume, fork: true })",
  });
}

async function toolOf(word: string | undefined): Promise<Tool> {
  const tool = await findTool(word ?? toolNames[0] ?? "");
  if (tool !== undefined) return tool;
  throw new Refusal({
    code: "unknown_tool",
    message: `hcom knows no tool "${word}"`,
    hint: `it knows: ${toolNames.join(", ")}`,
  });
}

function orderOf(tool: Tool, given: Values<typeof shape>): LaunchOrder {
  return {
    count: given.count ?? 1,
    toolWord: tool.name,
    tag: given.tag,
    terminal: undefined,
    dir: given.cwd,
    isHeadless: given.background === true,
    prompt: given.prompt,
    promptFile: undefined,
    systemPrompt: given.systemPrompt,
    batchId: undefined,
    as: undefined,
    runHere: false,
    callerName: undefined,
    go: true,
    json: false,
    toolArgs: given.args ?? wordsOf(given.argText ?? ""),
  };
}

function wordsOf(text: string): string[] {
  const words = shellSplit(text);
  if (words !== undefined) return words;
  throw new Refusal({
    code: "usage",
    message: `toolArgs is not a list of shell words: ${text}`,
    hint: "close its quotes, or give an array",
  });
}
