// hcom resume and hcom fork: an agent goes on where a session stands, as itself or as another one.
import { openBus } from "../../bus/bus.ts";
import { findOrigin, type Origin } from "../../bus/life/origin.ts";
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { type LaunchOrder, parseLaunch } from "../../launch/grammar.ts";
import type { TakenUp } from "../../launch/plan.ts";

export async function takeUp(call: Call, command: Command, as: TakenUp["as"]): Promise<number> {
  const order = parseLaunch(call.argv);
  if (order.toolWord === "--help" || order.toolWord === "-h") return explain(call, command);
  if (order.toolWord === "" || order.toolWord.startsWith("-")) {
    throw usageError(command, `name whom: hcom ${command.name} NAME`);
  }
  checkCount(order, as);
  const origin = await originOf(call, order.toolWord);
  if (as === "resume") checkStopped(origin);
  const { startAgents } = await import("./start-agents.ts");
  return startAgents(call, origin.tool, order, { ...origin, as });
}

async function explain(call: Call, command: Command): Promise<number> {
  const { commandHelp } = await import("../../cli/help.ts");
  call.out.line(commandHelp(command, call.out.view.width));
  return exitCode.ok;
}

async function originOf(call: Call, word: string): Promise<Origin> {
  using bus = openBus(call.system, { writer: "launch", repairModes: true });
  return await findOrigin(bus, word);
}

function checkCount({ count }: LaunchOrder, as: TakenUp["as"]): void {
  if (count === 1 || as === "fork") return;
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: "one session can be resumed once",
    hint: "several agents that know the same: hcom fork N NAME",
  });
}

function checkStopped({ isLive, name, session }: Origin): void {
  if (!isLive) return;
  const who = name ?? session;
  throw new Refusal({
    code: "still_runs",
    message: `${who} still runs: one session cannot go on in two places`,
    hint: `end it first: hcom kill ${who}; or start another that knows the same: hcom f ${who}`,
  });
}
