// hcom hooks: put our hooks into agent programs, take them out, look.
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { wrapped } from "../cli/person/wrap.ts";
import { type Part, style } from "../cli/style.ts";
import { checkOwnDir } from "../config/own-dir.ts";
import { pathsOf } from "../config/paths.ts";
import { exitCode } from "../core/refusal.ts";
import {
  type HookResult,
  hooksShown,
  hooksStatus,
  installHooks,
  presentTools,
  removeHooks,
} from "../hooks/install.ts";
import { hookObstacles } from "../hooks/per-run.ts";
import { detectTool, findTool, toolNameOf, toolNames } from "../tools/index.ts";

const command: Command = {
  name: "hooks",
  group: "setup",
  summary: "add, remove or check hcom's hooks in tools' settings",
  usage: [
    "hooks",
    "hooks add [TOOL...|all]",
    "hooks remove [TOOL...|all]",
    "hooks show [TOOL...|all]",
  ],
  firstWords: [
    { word: "(none)", about: "are they there, and do they run?" },
    { word: "add", about: "for sessions that you start yourself; what hcom launches has its own" },
    { word: "remove", about: "take out all that hcom wrote there, byte for byte" },
    { word: "show", about: "every line of hcom in their settings" },
  ],
  flags: [],
  examples: ["hcom hooks add claude", "hcom hooks remove all"],
  exits: { 1: "a settings file was refused or could not be written" },
  run: runHooks,
};
export default command;

type State =
  | "installed"
  // They stand there, and the tool does not run them.
  | "not_running"
  | "not_installed"
  | "already_installed"
  | "removed"
  | "nothing_to_remove"
  | "failed";

const synonyms: Readonly<Record<string, string>> = { install: "add", uninstall: "remove" };

async function runHooks(call: Call): Promise<number> {
  const [given = "status", ...words] = call.words;
  const verb = (Object.hasOwn(synonyms, given) ? synonyms[given] : undefined) ?? given;
  const names = await namesOf(call, verb, words);
  switch (verb) {
    case "status":
      return printStatus(call, await withObstacles(call, await hooksStatus(call.system, names)), {
        untouched: ["installed", "installed"],
        touched: ["not_installed", "no hooks in its settings (none needed for hcom TOOL)"],
      });
    case "add":
      checkOwnDir(pathsOf(call.system.env, call.system.cwd));
      return print(call, await withObstacles(call, await installHooks(call.system, names)), {
        untouched: ["already_installed", "already installed"],
        touched: ["installed", "installed; restart running sessions"],
      });
    case "remove":
      return print(call, await removeHooks(call.system, names), {
        untouched: ["nothing_to_remove", "nothing of hcom there"],
        touched: ["removed", "removed"],
      });
    case "show":
      return show(call, names);
    default:
      throw usageError(command, `what is "${given}"? add, remove, show or status`);
  }
}

/** For scripts, and as a sentence: what a tool's result is called when nothing had to be done. */
interface Words {
  untouched: [State, string];
  touched: [State, string];
}

type Shown = HookResult & { obstacles?: readonly string[] };

async function namesOf(
  call: Call,
  verb: string,
  words: readonly string[],
): Promise<readonly string[]> {
  if (words.length === 0) {
    if (verb !== "add") return toolNames;
    const here = detectTool(call.system.env);
    return here === undefined ? presentTools(call.system) : [here];
  }
  // All of them are looked at before the first is touched.
  const named: string[] = words.flatMap((word) => (word === "all" ? toolNames : [known(word)]));
  return toolNames.filter((name) => named.includes(name));
}

function known(word: string): (typeof toolNames)[number] {
  const name = toolNameOf(word);
  if (name !== undefined) return name;
  throw usageError(command, `there is no tool "${word}"; there are: ${toolNames.join(", ")}, all`);
}

/** Standing in a file is not running. */
async function withObstacles(call: Call, results: readonly HookResult[]): Promise<Shown[]> {
  const directory = call.system.cwd;
  const shown: Shown[] = [];
  for (const one of results) {
    const tool = await findTool(one.tool);
    const isAsked = tool !== undefined && one.error === undefined;
    // Without hooks in its settings it is about those that a launch passes.
    const areThere = one.standing !== undefined;
    const session = { directory, arePassed: !areThere, asksTool: areThere };
    const obstacles = isAsked ? await hookObstacles(call.system, tool, session) : [];
    shown.push({ ...one, obstacles });
  }
  return shown;
}

function print(call: Call, results: readonly Shown[], words: Words): number {
  const say = (one: HookResult) => (one.wasInPlace ? words.untouched : words.touched);
  const isFailed = results.some((one) => one.error !== undefined);
  if (call.json) {
    call.out.json(
      results.map((one) => ({
        tool: one.tool,
        paths: one.paths,
        written: one.written,
        state: stateOf(one, say(one)[0]),
        problems: one.problems,
        obstacles: one.obstacles ?? [],
        error: one.error?.message ?? null,
      })),
    );
    return isFailed ? exitCode.error : exitCode.ok;
  }
  for (const one of results) {
    if (one.error !== undefined) {
      call.out.note(`${one.tool}: failed: ${one.error.message}`);
      if (one.error.hint !== undefined) call.out.note(`  ${one.error.hint}`);
      continue;
    }
    for (const line of linesOf(one, say(one)[1])) {
      for (const part of wrapped(line, { width: call.out.view.width, indent: 4 })) {
        call.out.line(...part);
      }
    }
  }
  return isFailed ? exitCode.error : exitCode.ok;
}

/** With the next step, where some have none. */
function printStatus(call: Call, results: readonly Shown[], words: Words): number {
  const code = print(call, results, words);
  const without = results.filter((one) => !one.wasInPlace && one.standing === undefined);
  if (call.json || without.length === 0) return code;
  const [only] = without;
  const name = without.length === 1 && only !== undefined ? only.tool : "TOOL";
  const line = ["For sessions that you start yourself: ", style.strong(`hcom hooks add ${name}`)];
  for (const one of wrapped(line, { width: call.out.view.width, indent: 2 })) call.out.line(...one);
  return code;
}

function linesOf(one: Shown, word: string): Part[][] {
  const isOld = one.standing === "ours" && !one.wasInPlace && one.written.length === 0;
  const standing = isOld ? "out of date" : word.replace("TOOL", one.tool);
  const state = stateOf(one, "installed") === "not_running" ? whereOf(one) : standing;
  // Where nothing stands and nothing was done there is no file to look into.
  const present = one.isPresent ? one.paths : [];
  const files = one.written.length > 0 ? one.written : present;
  const where = files.length === 0 ? "" : ` (${files.join(", ")})`;
  const lines: Part[][] = [[style.name(one.tool), `: ${state}`, style.faint(where)]];
  if (isOld) lines.push([`  hcom hooks add ${one.tool} renews them`]);
  if (one.standing === "former") {
    lines.push([`  of an earlier hcom program; hcom hooks add ${one.tool} replaces them`]);
  }
  const what = one.standing === undefined ? "a launch's do not run either" : "does not run";
  for (const obstacle of one.obstacles ?? []) {
    lines.push([style.bad(`  ${what}: `), obstacle]);
  }
  return lines;
}

/** Of hooks that do not run. */
function whereOf(one: Shown): string {
  return one.standing === undefined ? "no hooks in its settings" : "in its settings";
}

function stateOf(one: Shown, otherwise: State): State {
  if (one.error !== undefined) return "failed";
  return (one.obstacles ?? []).length > 0 ? "not_running" : otherwise;
}

async function show(call: Call, names: readonly string[]): Promise<number> {
  const shown = await hooksShown(call.system, names);
  if (call.json) {
    call.out.json(shown);
    return exitCode.ok;
  }
  if (shown.length === 0) {
    const none =
      "Nothing of hcom stands in the settings of tools: a launch passes its own hooks. " +
      "For sessions that you start yourself: hcom hooks add";
    for (const line of wrapped([none], { width: call.out.view.width, indent: 0 })) {
      call.out.line(...line);
    }
  }
  for (const { path, lines } of shown) {
    call.out.line(`${path}:`);
    for (const line of lines) call.out.line(line);
  }
  return exitCode.ok;
}
