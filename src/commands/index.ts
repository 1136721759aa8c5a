// The command table: one line per command, each loaded when it is called. A word that is an agent
// program launches it.

import { knownNames } from "../bus/known-names.ts";
import type { Command } from "../cli/command.ts";
import { commandHelp, exitCodesHelp, overviewHelp } from "../cli/help.ts";
import { output } from "../cli/output.ts";
import { report, runCommand, wantsJson } from "../cli/run.ts";
import { didYouMean } from "../core/names/suggest.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { version } from "../core/version.ts";
import { frontGlobals } from "../launch/words.ts";
import type { System } from "../sys/system.ts";
import { toolNameOf, toolNames } from "../tools/index.ts";

const table: Readonly<Record<string, () => Promise<{ default: Command }>>> = {
  send: () => import("./send.ts"),
  inbox: () => import("./inbox/inbox.ts"),
  listen: () => import("./listen.ts"),
  read: () => import("./read.ts"),
  channel: () => import("./channel.ts"),
  list: () => import("./list.ts"),
  start: () => import("./start.ts"),
  resume: () => import("./launch/resume.ts"),
  fork: () => import("./launch/fork.ts"),
  stop: () => import("./stop.ts"),
  kill: () => import("./kill.ts"),
  term: () => import("./term.ts"),
  events: () => import("./events.ts"),
  transcript: () => import("./transcript.ts"),
  why: () => import("./why.ts"),
  status: () => import("./status.ts"),
  config: () => import("./config.ts"),
  hooks: () => import("./hooks.ts"),
  mcp: () => import("./mcp.ts"),
  completions: () => import("./completions/completions.ts"),
  launch: () => import("./launch/launch.ts"),
  pty: () => import("./pty.ts"),
  overview: () => import("./overview.ts"),
};

/** As people of the original write them. */
const shortNames: Readonly<Record<string, string>> = { r: "resume", f: "fork" };

const commandNames: readonly string[] = Object.keys(table);

const helpWords = new Set(["help", "--help", "-h"]);
const versionWords = new Set(["version", "--version", "-v", "-V"]);

export async function dispatch(argv: readonly string[], system: System): Promise<number> {
  const { globals, words } = frontGlobals(argv);
  const [first = "overview", ...rest] = words;
  if (versionWords.has(first)) return say(`hcom ${version}`, system);
  if (helpWords.has(first)) return help(rest[0], argv, system);
  if (first === "complete") return complete(rest, system);
  if (isLaunch(words)) return runCommand(await load("launch"), argv, system);
  const name = fullNameOf(first);
  if (name === undefined) return unknown(first, argv, system);
  return runCommand(await load(name), [...globals, ...rest], system);
}

/** What a shell asks at each Tab: one line a candidate, and never an error. */
async function complete(words: readonly string[], system: System): Promise<number> {
  const { completionLines } = await import("../cli/complete.ts");
  const lines = completionLines(words, {
    commands: await commands(),
    tools: toolNames,
    names: (kind) => knownNames(system, kind),
  });
  return lines.length === 0 ? exitCode.ok : say(lines.join("\n"), system);
}

function fullNameOf(word: string): string | undefined {
  const name = Object.hasOwn(shortNames, word) ? (shortNames[word] ?? word) : word;
  return Object.hasOwn(table, name) ? name : undefined;
}

async function load(name: string): Promise<Command> {
  const found = table[name];
  if (found === undefined) throw new Error(`no command ${name} in the table`);
  return (await found()).default;
}

/** `[N] TOOL ...`, without the global flags in front. */
function isLaunch(words: readonly string[]): boolean {
  const at = /^\d+$/.test(words[0] ?? "") ? 1 : 0;
  return toolNameOf(words[at] ?? "") !== undefined;
}

async function help(
  name: string | undefined,
  argv: readonly string[],
  system: System,
): Promise<number> {
  if (name === "exit-codes") return say(exitCodesHelp(await commands()), system);
  const tool = name === undefined ? undefined : toolNameOf(name);
  if (tool !== undefined) {
    return say(commandHelp(ofTool(await load("launch"), tool)), system);
  }
  const command = name === undefined ? undefined : fullNameOf(name);
  if (command !== undefined) return runCommand(await load(command), ["--help"], system);
  if (name !== undefined) return unknown(name, argv, system);
  return say(overviewHelp(await commands(), toolNames), system);
}

/** What is said of any program, said of this one. */
function ofTool(launch: Command, tool: string): Command {
  const named = (lines: readonly string[]) => lines.map((line) => line.replace("TOOL", tool));
  const { usage, examples = [] } = launch;
  return { ...launch, name: tool, usage: named(usage), examples: named(examples) };
}

/** All of them, for help, completion and the manual. */
export function commands(): Promise<Command[]> {
  return Promise.all(commandNames.map(load));
}

async function say(text: string, system: System): Promise<number> {
  const out = output(system.env);
  out.line(text);
  await out.flush();
  return exitCode.ok;
}

function unknown(word: string, argv: readonly string[], system: System): Promise<number> {
  const guess = didYouMean(word, [...commandNames, ...toolNames]);
  return refuse(
    new Refusal({
      code: "unknown_command",
      exit: exitCode.usage,
      message: `unknown command "${word}"${guess}`,
      hint: "see: hcom --help",
    }),
    argv,
    system,
  );
}

async function refuse(error: Refusal, argv: readonly string[], system: System): Promise<number> {
  const out = output(system.env);
  const code = report(error, { out, system, json: wantsJson(argv), command: "hcom" });
  await out.flush();
  return code;
}
