// hcom status: is everything in order here?
import type { Call, Command } from "../cli/command.ts";
import { exitCode } from "../core/refusal.ts";
import { gather } from "./status/gather.ts";
import { printFacts } from "./status/print.ts";

const command: Command = {
  name: "status",
  group: "setup",
  summary: "is everything in order: directory, hooks, agents, recent errors",
  usage: ["status", "status --json", "status --logs"],
  mostWords: 0,
  flags: [{ name: "logs", about: "show the errors and warnings of the last hour" }],
  examples: ["hcom status", "hcom status --json | jq .tools"],
  run: runStatus,
};
export default command;

async function runStatus(call: Call): Promise<number> {
  const facts = await gather(call.system);
  if (call.json) call.out.json(facts);
  else printFacts(call, facts);
  return exitCode.ok;
}
