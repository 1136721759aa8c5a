// hcom rename: another name for a running agent.

import { doneBy, isInsideTool, requireNamed, whoAmI } from "../../bus/agents/identity.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { rename } from "../../bus/life/hand-over/rename.ts";
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import type { Instance } from "../../core/instance.ts";
import { fullName } from "../../core/names/address.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";

const command: Command = {
  name: "rename",
  group: "agents",
  summary: "give an agent another name; its mail and its session stay",
  usage: ["rename NAME NEW"],
  mostWords: 2,
  flags: [],
  exits: { 1: "the name is taken, or it is not yours to change", 3: "no such agent" },
  examples: ["hcom rename luna docs", "hcom config -i docs tag review   # its tag"],
  run: runRename,
};
export default command;

async function runRename(call: Call): Promise<number> {
  const [written, to] = call.words;
  if (written === undefined || to === undefined) {
    throw usageError(command, "name whom, and how it is to be called: hcom rename NAME NEW");
  }
  using bus = openBus(call.system, { writer: "rename" });
  const row = requireNamed(bus, written);
  checkMayRename(call, bus, row);
  rename(bus, row, to, doneBy(bus, { name: call.name }));
  if (call.json) call.out.json({ from: row.name, name: to });
  else call.out.line(`${fullName(row)} is ${fullName({ ...row, name: to })} now`);
  return exitCode.ok;
}

/** An agent has a say in its own name; everybody else's is their person's. */
function checkMayRename(call: Call, bus: Bus, row: Instance): void {
  if (!isInsideTool(bus) && call.name === undefined) return;
  const self = whoAmI(bus, { name: call.name });
  if (self.kind === "instance" && self.name === row.name) return;
  throw new Refusal({
    code: "not_you",
    message: `${fullName(row)} is not you: an agent renames only itself`,
    hint: "ask your person to do it",
  });
}
