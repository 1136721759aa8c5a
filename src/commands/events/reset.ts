// hcom reset: archive what was said and begin anew.
import { callerName, isInsideTool } from "../../bus/agents/identity.ts";
import { planReset, type ResetPlan, resetLog } from "../../bus/archive/reset.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { canAsk, isConfirmed } from "../../cli/person/ask.ts";
import { style } from "../../cli/style.ts";
import { resetSettings } from "../../config/edit.ts";
import { exitCode } from "../../core/refusal.ts";
import { removeHooks } from "../../hooks/install.ts";

const command: Command = {
  name: "reset",
  group: "setup",
  summary: "archive what was said, and begin anew",
  usage: ["reset", "reset hooks", "reset all"],
  firstWords: [
    { word: "(none)", about: "all that was said goes to the archive, nobody takes part any more" },
    { word: "hooks", about: "take hcom's hooks out of all agent programs; the log stays" },
    { word: "all", about: "both, and the settings go to the archive, too" },
  ],
  mostWords: 1,
  flags: [],
  exits: { 1: "something of it failed, or you said no" },
  examples: ["hcom reset", "hcom archive 1        # what was there"],
  run: runReset,
};
export default command;

async function runReset(call: Call): Promise<number> {
  const [what = "log"] = call.words;
  if (!["log", "hooks", "all"].includes(what)) {
    throw usageError(command, `what is "${what}"? hooks, all, or nothing for the log`);
  }
  if (what === "hooks") return await takeHooksOut(call);
  {
    using bus = openBus(call.system, { writer: "reset" });
    const plan = planReset(bus);
    if (!call.go && isInsideTool(bus)) return preview(call, plan, what);
    if (!call.go && canAsk() && plan.agents.length > 0 && !isConfirmed(questionOf(plan))) {
      return exitCode.error;
    }
    await begin(call, bus, plan);
  }
  if (what === "log") return exitCode.ok;
  const paths = resetSettings(openPaths(call), call.system.now());
  for (const path of paths) if (!call.json) call.out.line(`archived: ${path}`);
  return await takeHooksOut(call);
}

function openPaths(call: Call) {
  using bus = openBus(call.system, { writer: "reset" });
  return bus.paths;
}

async function begin(call: Call, bus: Bus, plan: ResetPlan): Promise<void> {
  const archive = await resetLog(bus, callerName(bus, { name: call.name }));
  const running = plan.agents.filter((one) => one.pid !== null);
  const { out } = call;
  if (call.json) {
    out.json({ archive: archive ?? null, events: plan.events, stopped: plan.agents, running });
    return;
  }
  if (archive === undefined) out.line("Nothing was said here yet: there is nothing to archive");
  else {
    out.line(`Archived: ${plan.events} events in ${archive}`);
    out.line(style.faint("What was said: hcom archive 1"));
  }
  if (plan.agents.length > 0) {
    out.line(`No agents any more: ${plan.agents.map((one) => one.name).join(", ")}`);
  }
  for (const { name, pid } of running) {
    out.note(`still runs: ${name} (pid ${pid}); it takes part again with: hcom start --as ${name}`);
  }
}

function questionOf({ events, agents }: ResetPlan): string {
  const names = agents.map((one) => `${one.name} (${one.directory})`).join("\n  ");
  return `This archives ${events} events, and these are no agents any more:\n  ${names}\nGo on?`;
}

/** An agent shows its person first what would become of the others. */
function preview(call: Call, plan: ResetPlan, what: string): number {
  const { out } = call;
  if (call.json) out.json({ preview: true, what, ...plan });
  else {
    out.line(`This would archive ${plan.events} events and begin anew.`);
    if (plan.agents.length > 0) {
      const names = plan.agents.map((one) => one.name).join(", ");
      out.line(`No agents any more: ${names}. Their programs would run on.`);
    }
    if (what === "all") out.line("Settings would go to the archive, hooks out of all programs.");
    out.line(`Really: hcom reset ${what === "all" ? "all " : ""}--go`);
  }
  return exitCode.ok;
}

async function takeHooksOut(call: Call): Promise<number> {
  const results = await removeHooks(call.system);
  if (call.json) {
    const shown = results.map(({ tool, error }) => ({ tool, error: error?.message ?? null }));
    call.out.json(shown);
  } else {
    for (const { tool, error, wasInPlace } of results) {
      if (error !== undefined) call.out.note(`${tool}: failed: ${error.message}`);
      else if (!wasInPlace) call.out.line(`${style.name(tool)}: hooks removed`);
    }
    if (results.every((one) => one.wasInPlace)) call.out.line("No hooks of ours are anywhere");
  }
  return results.some((one) => one.error !== undefined) ? exitCode.error : exitCode.ok;
}
