// hcom stop: end participation, of oneself or others. The process of an interactive agent lives on.

import { isInsideTool, requireInstance, requireNamed } from "../bus/agents/identity.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { killProcess } from "../bus/life/kill.ts";
import { pickAgents } from "../bus/life/pick-agents.ts";
import { stopInstance } from "../bus/life/stop.ts";
import { poke } from "../bus/poke.ts";
import type { Call, Command } from "../cli/command.ts";
import type { Instance } from "../core/instance.ts";
import { exitCode } from "../core/refusal.ts";

const command: Command = {
  name: "stop",
  group: "agents",
  summary: "end participation (headless agents end altogether)",
  usage: ["stop", "stop NAME...", "stop tag:TAG", "stop all"],
  flags: [],
  exits: { 3: "no such agent" },
  run: runStop,
};
export default command;

async function runStop(call: Call): Promise<number> {
  using bus = openBus(call.system, { writer: "stop" });
  if (call.words.length === 0) {
    const self = requireInstance(bus, { name: call.name });
    await end(bus, self, { by: self.name, reason: "self" });
    call.out.line(`Stopped hcom for ${self.name}.`);
    return exitCode.ok;
  }
  const picked = pickAgents(bus, call.words, (word) => requireNamed(bus, word));
  if (picked.rows.length === 0) {
    call.out.line("Nothing to stop");
    return exitCode.ok;
  }
  const isWide = picked.kind !== "names" || picked.rows.length > 1;
  if (isWide && isInsideTool(bus) && !call.go) {
    preview(call, picked.rows);
    return exitCode.ok;
  }
  const by = callerName(bus, call);
  const reason = { names: "external", tag: "tag_stop", all: "stop_all" }[picked.kind];
  const order = { by, reason: picked.kind === "names" && isWide ? "multi_stop" : reason };
  for (const row of picked.rows) await end(bus, row, order);
  const names = picked.rows.map((row) => row.name);
  if (call.json) call.out.json({ stopped: names });
  else call.out.line(`Stopped${picked.label}: ${names.join(", ")}`);
  for (const row of picked.rows) {
    if (row.background_log_file !== "")
      call.out.line(`  log of ${row.name}: ${row.background_log_file}`);
  }
  return exitCode.ok;
}

async function end(bus: Bus, row: Instance, order: { by: string; reason: string }): Promise<void> {
  stopInstance(bus, row.name, order);
  if (row.background === 1) await killProcess(bus, row);
  await poke(bus, [row.name]);
}

function preview(call: Call, rows: readonly Instance[]): void {
  call.out.line(`This would stop ${rows.length} agents; repeat with --go:`);
  for (const row of rows) {
    const what = row.background === 1 ? "headless: its process ends" : "its process lives on";
    call.out.line(`  ${row.name} (${row.tool}, ${what})`);
  }
}

function callerName(bus: Bus, call: Call): string {
  try {
    return requireInstance(bus, { name: call.name }).name;
  } catch {
    return "user";
  }
}
