// hcom import: take over what another hcom left in a directory of its own.
import { type Imported, importDir } from "../bus/life/import-dir.ts";
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { exitCode } from "../core/refusal.ts";

const command: Command = {
  name: "import",
  group: "setup",
  summary: "take over the log and settings of another hcom directory",
  usage: ["import DIR"],
  flags: [],
  mostWords: 1,
  exits: { 1: "this directory has a log already", 3: "no log there" },
  examples: ["hcom import ~/old/.hcom", "HCOM_DIR=~/.hcom-old hcom import /backup/.hcom"],
  run: runImport,
};
export default command;

function runImport(call: Call): number {
  const [directory] = call.words;
  if (!directory) throw usageError(command, "name the directory: hcom import DIR");
  const imported = importDir(call.system, directory);
  if (call.json) call.out.json(imported);
  else say(call, directory, imported);
  return exitCode.ok;
}

function say(call: Call, directory: string, imported: Imported): void {
  const { out } = call;
  const { messages, agents, stopped, threads, events, files, leftOut, running, holders } = imported;
  out.line(`Taken over from ${directory}, which stays as it is:`);
  out.line(`  ${messages} messages in ${threads} threads, ${events} events in all`);
  out.line(`  ${agents} agents that were there, ${stopped} that have stopped`);
  if (files.length > 0) out.line(`  settings: ${files.join(", ")}`);
  out.line("Nobody of them runs here. See them: hcom list --stopped --all");
  out.line("Resume one: hcom resume NAME");
  for (const name of leftOut) {
    out.note(`their ${name} is not in force: there is one here already, and yours counts`);
  }
  if (running.length > 0) {
    out.note(`still running there, and not here: ${running.join(", ")}`);
    out.note("  what they write goes to the other directory: end them before you take them up");
  }
  for (const { pid, command } of holders) out.note(`has it open at this moment: ${pid} ${command}`);
}
