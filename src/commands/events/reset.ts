// hcom reset: archive what was said and begin anew.
import { doneBy, isInsideTool } from "../../bus/agents/identity.ts";
import { planReset, type ResetPlan, resetLog } from "../../bus/archive/reset.ts";
import { openBus } from "../../bus/bus.ts";
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { canAsk, isConfirmed } from "../../cli/person/ask.ts";
import { style } from "../../cli/style.ts";
import { resetSettings } from "../../config/edit.ts";
import { exitCode } from "../../core/refusal.ts";
import { hooksStatus, removeHooks } from "../../hooks/install.ts";

const command: Command = {
  name: "reset",
  group: "setup",
  summary: "archive what was said, and begin anew",
  usage: ["reset", "reset hooks", "reset all"],
  firstWords: [
    {
      word: "(none)",
      about:
        "the log goes to the archive and nobody takes part any more; channels " +
        "stay, with what was said in them",
    },
    { word: "hooks", about: "take hcom's hooks out of all tools; the log stays" },
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
  if (what === "hooks") {
    if (!call.go && isInsideTool(call)) return await previewHooks(call);
    const removed = await removeHooks(call.system);
    if (call.json) call.out.json(hooksShown(removed));
    else printHooks(call, removed);
    return codeOf(removed);
  }
  using bus = openBus(call.system, { writer: "reset" });
  const plan = planReset(bus);
  if (!call.go && isInsideTool(bus)) return preview(call, plan, what);
  if (!call.go && canAsk() && plan.agents.length > 0 && !isConfirmed(questionOf(plan))) {
    return exitCode.error;
  }
  const archive = await resetLog(bus, doneBy(bus, { name: call.name }));
  const done = { plan, archive, running: plan.agents.filter((one) => one.pid !== null) };
  if (what === "log") {
    if (call.json) call.out.json(logShown(done));
    else printLog(call, done);
    return exitCode.ok;
  }
  const settings = resetSettings(bus.paths, call.system.now());
  const hooks = await removeHooks(call.system);
  if (call.json) call.out.json({ ...logShown(done), settings, hooks: hooksShown(hooks) });
  else {
    printLog(call, done);
    for (const path of settings) call.out.line(`archived: ${path}`);
    printHooks(call, hooks);
  }
  return codeOf(hooks);
}

interface Done {
  plan: ResetPlan;
  archive: string | undefined;
  running: ResetPlan["agents"];
}

function logShown({ plan, archive, running }: Done): object {
  return { archive: archive ?? null, events: plan.events, stopped: plan.agents, running };
}

function printLog({ out }: Call, { plan, archive, running }: Done): void {
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
  const who = agents.length === 1 ? "1 agent" : `${agents.length} agents`;
  return `This archives ${events} events and stops ${who}:\n  ${names}\nGo on?`;
}

/** An agent shows its person first what would become of the others. */
function preview(call: Call, plan: ResetPlan, what: string): number {
  const { out } = call;
  if (call.json) out.json({ preview: true, what, ...plan });
  else {
    out.line(`This would archive ${plan.events} events and begin anew.`);
    if (plan.agents.length > 0) {
      const names = plan.agents.map((one) => one.name).join(", ");
      out.line(`Stops: ${names}. Their programs would run on.`);
    }
    if (what === "all") out.line("Settings would go to the archive, hooks out of all tools.");
    out.line(`Really: hcom reset ${what === "all" ? "all " : ""}--go`);
  }
  return exitCode.ok;
}

type Removed = Awaited<ReturnType<typeof removeHooks>>;

/** Sessions that people started themselves take part by these. */
async function previewHooks(call: Call): Promise<number> {
  const status = await hooksStatus(call.system);
  const tools = status.filter((one) => one.isPresent).map((one) => one.tool);
  const { out } = call;
  if (call.json) out.json({ preview: true, what: "hooks", tools });
  else if (tools.length === 0) out.line("No hooks of hcom are anywhere");
  else {
    out.line(`This would take hcom's hooks out of ${tools.join(", ")}.`);
    out.line("Sessions that are started without hcom would not take part any more.");
    out.line("Really: hcom reset hooks --go");
  }
  return exitCode.ok;
}

function hooksShown(removed: Removed): object[] {
  return removed.map(({ tool, error }) => ({ tool, error: error?.message ?? null }));
}

function printHooks({ out }: Call, removed: Removed): void {
  for (const { tool, error, wasInPlace } of removed) {
    if (error !== undefined) out.note(`${tool}: failed: ${error.message}`);
    else if (!wasInPlace) out.line(`${style.name(tool)}: hooks removed`);
  }
  if (removed.every((one) => one.wasInPlace)) out.line("No hooks of hcom are anywhere");
}

function codeOf(removed: Removed): number {
  return removed.some((one) => one.error !== undefined) ? exitCode.error : exitCode.ok;
}
