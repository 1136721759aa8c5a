// hcom hooks: put our hooks into agent programs, take them out, look.
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { checkOwnDir } from "../config/own-dir.ts";
import { pathsOf } from "../config/paths.ts";
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

type State =
  | "installed"
  | "not_installed"
  | "already_installed"
  | "removed"
  | "nothing_to_remove"
  | "failed";

const synonyms: Readonly<Record<string, string>> = { install: "add", uninstall: "remove" };

async function runHooks(call: Call): Promise<number> {
  const [given = "status", word] = call.words;
  const verb = (Object.hasOwn(synonyms, given) ? synonyms[given] : undefined) ?? given;
  const names = namesOf(call, verb, word);
  switch (verb) {
    case "status":
      return print(call, await hooksStatus(call.system, names), {
        untouched: ["installed", "installed"],
        touched: ["not_installed", "not installed"],
      });
    case "add":
      checkOwnDir(pathsOf(call.system.env, call.system.cwd));
      return print(call, await installHooks(call.system, names), {
        untouched: ["already_installed", "already installed"],
        touched: ["installed", "installed; restart running sessions"],
      });
    case "remove":
      return print(call, await removeHooks(call.system, names), {
        untouched: ["nothing_to_remove", "nothing of ours there"],
        touched: ["removed", "removed"],
      });
    default:
      throw usageError(command, `what is "${given}"? add, remove or status`);
  }
}

/** For scripts, and as a sentence: what a tool's result is called when nothing had to be done. */
interface Words {
  untouched: [State, string];
  touched: [State, string];
}

function namesOf(call: Call, verb: string, word: string | undefined): readonly string[] {
  if (word === "all") return toolNames;
  if (word === undefined) {
    const here = verb === "add" ? detectTool(call.system.env) : undefined;
    return here === undefined ? toolNames : [here];
  }
  const name = toolNameOf(word);
  if (name !== undefined) return [name];
  throw usageError(command, `there is no tool "${word}"; there are: ${toolNames.join(", ")}, all`);
}

function print(call: Call, results: HookResult[], words: Words): number {
  const say = (one: HookResult) => (one.wasInPlace ? words.untouched : words.touched);
  const isFailed = results.some((one) => one.error !== undefined);
  if (call.json) {
    call.out.json(
      results.map((one) => ({
        tool: one.tool,
        paths: one.paths,
        state: one.error === undefined ? say(one)[0] : ("failed" satisfies State),
        problems: one.problems,
        error: one.error?.message ?? null,
      })),
    );
    return isFailed ? exitCode.error : exitCode.ok;
  }
  for (const one of results) {
    if (one.error === undefined) {
      call.out.line(`${one.tool}: ${say(one)[1]} (${one.paths.join(", ")})`);
    } else {
      call.out.note(`${one.tool}: failed: ${one.error.message}`);
      if (one.error.hint !== undefined) call.out.note(`  ${one.error.hint}`);
    }
  }
  return isFailed ? exitCode.error : exitCode.ok;
}
