// hcom hooks: put our hooks into agent programs, take them out, look.
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { exitCode } from "../core/refusal.ts";
import { type HookResult, hooksStatus, installHooks, removeHooks } from "../hooks/install.ts";
import { detectTool, toolNameOf, toolNames } from "../tools/index.ts";

const command: Command = {
  name: "hooks",
  group: "setup",
  summary: "add, remove or check hcom's hooks in agent programs",
  usage: ["hooks", "hooks add [TOOL|all]", "hooks remove [TOOL|all]"],
  flags: [],
  exits: { 1: "a settings file was refused or could not be written" },
  run: runHooks,
};
export default command;

async function runHooks(call: Call): Promise<number> {
  const [verb = "status", word] = call.words;
  const names = namesOf(call, verb, word);
  switch (verb) {
    case "status":
      return print(call, await hooksStatus(call.system, names), (one) =>
        one.wasInPlace ? "installed" : "not installed",
      );
    case "add":
    case "install":
      return print(call, await installHooks(call.system, names), (one) =>
        one.wasInPlace ? "already installed" : "installed; restart running sessions",
      );
    case "remove":
    case "uninstall":
      return print(call, await removeHooks(call.system, names), (one) =>
        one.wasInPlace ? "nothing of ours there" : "removed",
      );
    default:
      throw usageError(command, `what is "${verb}"? add, remove or status`);
  }
}

function namesOf(call: Call, verb: string, word: string | undefined): readonly string[] {
  if (word === "all") return toolNames;
  if (word === undefined) {
    const here = verb.startsWith("add") ? detectTool(call.system.env) : undefined;
    return here === undefined ? toolNames : [here];
  }
  const name = toolNameOf(word);
  if (name !== undefined) return [name];
  throw usageError(command, `there is no tool "${word}"; there are: ${toolNames.join(", ")}, all`);
}

function print(call: Call, results: HookResult[], say: (one: HookResult) => string): number {
  const isFailed = results.some((one) => one.error !== undefined);
  if (call.json) {
    call.out.json(
      results.map((one) => ({
        tool: one.tool,
        paths: one.paths,
        state: one.error === undefined ? say(one) : "failed",
        problems: one.problems,
        error: one.error?.message ?? null,
      })),
    );
    return isFailed ? exitCode.error : exitCode.ok;
  }
  for (const one of results) {
    if (one.error === undefined) {
      call.out.line(`${one.tool}: ${say(one)} (${one.paths.join(", ")})`);
    } else {
      call.out.note(`${one.tool}: failed: ${one.error.message}`);
      if (one.error.hint !== undefined) call.out.note(`  ${one.error.hint}`);
    }
  }
  return isFailed ? exitCode.error : exitCode.ok;
}
