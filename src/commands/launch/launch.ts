// hcom [N] TOOL: start agents, here, in panes, or headless.

import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { exitCode } from "../../core/refusal.ts";
import { parseLaunch, wantsJson } from "../../launch/grammar.ts";
import { runPlain } from "../../launch/run-here.ts";
import { launchFlags } from "../../launch/words.ts";
import { findTool, toolNames } from "../../tools/index.ts";
import type { Tool } from "../../tools/tool.ts";

const command: Command = {
  name: "launch",
  group: "agents",
  summary: "start an agent here, or N of them",
  usage: [
    "[N] TOOL [flags] [the tool's own arguments]",
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
    "hcom TOOL -- --help     # the tool's own help",
  ],
  exits: {
    0: "ready; in this terminal: the tool's own",
    1: "failed",
    2: "wrong usage, or still starting or asking its person",
    3: "the tool is not installed",
  },
  run: runLaunch,
};
export default command;

async function runLaunch(call: Call): Promise<number> {
  const order = parseLaunch(call.argv);
  const tool = await findTool(order.toolWord);
  if (tool === undefined) {
    if (call.argv.includes("--help") || call.argv.includes("-h")) return explain(call);
    throw usageError(command, `name a tool: ${toolNames.join(", ")}`);
  }
  if (tool.launch.runKind(order.toolArgs) === "plain") return passOn(call, tool);
  const { startAgents } = await import("./start-agents.ts");
  return startAgents(call, tool, order);
}

/** What is no agent is the tool's alone. */
async function passOn(call: Call, tool: Tool): Promise<number> {
  const order = parseLaunch(call.argv, true);
  const asksForHelp = order.toolArgs.length === 1 && /^(--help|-h)$/.test(order.toolArgs[0] ?? "");
  if (asksForHelp) call.out.note(`hcom's own flags: hcom help ${tool.name}`);
  await call.out.flush();
  return runPlain(call.system, tool, order);
}

async function explain(call: Call): Promise<number> {
  const { commandHelp } = await import("../../cli/help.ts");
  call.out.line(commandHelp(command, call.out.view.width));
  return exitCode.ok;
}
