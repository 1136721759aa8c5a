// hcom stop: end participation, of oneself or others. The process of an interactive agent lives on.

import { doneBy, isInsideTool, requireInstance, requireNamed } from "../bus/agents/identity.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { endAgent } from "../bus/life/end.ts";
import { type Picked, pickAgents } from "../bus/life/pick-agents.ts";
import type { Call, Command } from "../cli/command.ts";
import { nobodyHere } from "../cli/next-step.ts";
import type { Instance } from "../core/instance.ts";
import { fullName } from "../core/names/address.ts";
import { exitCode } from "../core/refusal.ts";

const command: Command = {
  name: "stop",
  group: "agents",
  summary: "an agent leaves; its program goes on, unless it is headless",
  usage: ["stop", "stop NAME...", "stop tag:TAG", "stop TAG-", "stop all"],
  flags: [],
  exits: { 3: "no such agent" },
  examples: ["hcom stop luna", "hcom stop tag:review", "hcom stop        # yourself, as an agent"],
  run: runStop,
};
export default command;

async function runStop(call: Call): Promise<number> {
  using bus = openBus(call.system, { writer: "stop" });
  if (call.words.length === 0) return await stopSelf(call, bus);
  const picked = pickAgents(bus, call.words, (word) => requireNamed(bus, word));
  const by = doneBy(bus, { name: call.name });
  const isWide = picked.kind !== "names" || picked.rows.length > 1;
  if (picked.rows.length > 0 && isWide && isInsideTool(bus) && !call.go) {
    preview(call, picked.rows);
    return exitCode.ok;
  }
  const reason = { names: "external", tag: "tag_stop", all: "stop_all" }[picked.kind];
  const order = { by, reason: picked.kind === "names" && isWide ? "multi_stop" : reason };
  for (const row of picked.rows) await end(bus, row, order);
  tell(call, picked);
  return exitCode.ok;
}

async function stopSelf(call: Call, bus: Bus): Promise<number> {
  const self = requireInstance(bus, { name: call.name });
  await end(bus, self, { by: self.name, reason: "self" });
  if (call.json) call.out.json({ stopped: [self.name], log_files: logFiles([self]) });
  else call.out.line(`Stopped hcom for ${fullName(self)}.`);
  return exitCode.ok;
}

async function end(bus: Bus, row: Instance, order: { by: string; reason: string }): Promise<void> {
  await endAgent(bus, row, { ...order, killsProcess: row.background === 1 });
}

function tell(call: Call, { label, rows }: Picked): void {
  const names = rows.map((row) => row.name);
  if (call.json) {
    call.out.json({ stopped: names, log_files: logFiles(rows) });
    return;
  }
  const nobody = `Nothing to stop: ${nobodyHere(call)}`;
  call.out.line(rows.length === 0 ? nobody : `Stopped${label}: ${rows.map(fullName).join(", ")}`);
  for (const row of rows) {
    const path = row.background_log_file;
    if (path !== "") call.out.line(`  log of ${fullName(row)}: ${path}`);
  }
}

function logFiles(rows: readonly Instance[]): string[] {
  return rows.map((row) => row.background_log_file).filter((path) => path !== "");
}

function preview(call: Call, rows: readonly Instance[]): void {
  if (call.json) {
    const agents = rows.map(({ name, tool, background }) => ({
      name,
      tool,
      headless: background === 1,
    }));
    call.out.json({ needs_go: true, would_stop: agents });
    return;
  }
  call.out.line(`This would stop ${rows.length} agents; repeat with --go:`);
  for (const row of rows) {
    const what = row.background === 1 ? "headless: its process ends" : "its process lives on";
    call.out.line(`  ${fullName(row)} (${row.tool}, ${what})`);
  }
}
