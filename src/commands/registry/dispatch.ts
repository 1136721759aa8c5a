// A command line to a command: its word decides, and a word that is an agent program launches it.
// Each command is loaded alone; all of them only by who shows all, such as help.

import type { Command } from "../../cli/command.ts";
import { isTerminal } from "../../cli/is-terminal.ts";
import { output } from "../../cli/output.ts";
import { report, runCommand, said, wantsJson } from "../../cli/run.ts";
import { viewOf } from "../../cli/view.ts";
import { didYouMean } from "../../core/names/suggest.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { version } from "../../core/version.ts";
import { frontGlobals } from "../../launch/words.ts";
import { hasNativePart } from "../../sys/drawing/native-part.ts";
import type { System } from "../../sys/system.ts";
import { toolNameOf, toolNames } from "../../tools/index.ts";
import { commandNamed, commandNames, loadCommand } from "../index.ts";

const helpWords = new Set(["help", "--help", "-h"]);
const versionWords = new Set(["version", "--version", "-v", "-V"]);

export async function dispatch(argv: readonly string[], system: System): Promise<number> {
  const { globals, words } = frontGlobals(argv);
  const [first = bareWord(argv, system), ...rest] = words;
  if (versionWords.has(first) || helpWords.has(first)) {
    const most = versionWords.has(first) ? 0 : 1;
    const extra = rest.filter((word) => !word.startsWith("-")).slice(most);
    if (extra.length > 0) return refuse(tooMany(first, extra), argv, system);
    if (most === 0) return say(`hcom ${version}`, system);
    return help(helpWords.has(rest[0] ?? "") ? undefined : rest[0], argv, system);
  }
  if (first === "complete") return complete(rest, system);
  if (first === "run" && rest[0] === "docs") return dispatch(["docs", ...rest.slice(1)], system);
  if (mayBeRemote(words)) {
    const { remoteOrder } = await import("../../core/relay/remote-order.ts");
    const isRemote = remoteOrder(words, (word) => toolNameOf(word) !== undefined) !== undefined;
    if (isRemote) return runCommand(await loadCommand("remote"), words, system);
  }
  if (isLaunch(words)) return runCommand(await loadCommand("launch"), argv, system);
  const name = commandNamed(first);
  if (/^\d+$/.test(first)) return refuse(howMany(first, rest), argv, system);
  if (name === undefined) return unknown(first, argv, system);
  return runCommand(await loadCommand(name), [...globals, ...rest], system);
}

/** A person at a terminal sees the dashboard, whoever else asks an overview. */
function bareWord(argv: readonly string[], { env }: System): string {
  const isPerson = argv.length === 0 && viewOf(1, env).isForPeople && isTerminal(0);
  return isPerson && env["TERM"] !== "dumb" && hasNativePart() ? "tui" : "overview";
}

/** Does a word name a place on another device, or look as if it did? `events` asks by itself. */
function mayBeRemote(words: readonly string[]): boolean {
  if (words[0] === "events") return false;
  return words.some((word) => /^--device(=|$)|^@?[\w-]+:\w+$/.test(word));
}

/** What a shell asks at each Tab. */
async function complete(words: readonly string[], system: System): Promise<number> {
  const { candidates } = await import("./all.ts");
  const lines = await candidates(words, system);
  return lines.length === 0 ? exitCode.ok : say(lines.join("\n"), system);
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
  const { width } = viewOf(1, system.env);
  const { commandHelp, exitCodesHelp, overviewHelp } = await import("../../cli/help.ts");
  if (name === "exit-codes") return say(exitCodesHelp(await all(), width), system);
  const tool = name === undefined ? undefined : toolNameOf(name);
  if (tool !== undefined) {
    return say(commandHelp(ofTool(await loadCommand("launch"), tool), width), system);
  }
  const command = name === undefined ? undefined : commandNamed(name);
  if (command !== undefined) return runCommand(await loadCommand(command), ["--help"], system);
  if (name !== undefined) return unknown(name, argv, system);
  return say(overviewHelp(await all(), toolNames, width), system);
}

/** What is said of any program, said of this one. */
function ofTool(launch: Command, tool: string): Command {
  const named = (lines: readonly string[]) => lines.map((line) => line.replace("TOOL", tool));
  const { usage, examples = [] } = launch;
  return { ...launch, name: tool, usage: named(usage), examples: named(examples) };
}

async function all(): Promise<Command[]> {
  return (await import("./all.ts")).commands();
}

async function say(text: string, system: System): Promise<number> {
  const out = output(system.env);
  out.line(text);
  return said(out, exitCode.ok);
}

function tooMany(word: string, extra: readonly string[]): Refusal {
  return new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `${word}: what is "${extra.join(" ")}"?`,
    hint: "see: hcom help",
  });
}

/** Commands of hcom 0.7 that are still to come: docs/coming-from-hcom.md. */
const later: ReadonlySet<string> = new Set([...["daemon", "update"]]);

function unknown(word: string, argv: readonly string[], system: System): Promise<number> {
  if (later.has(word)) return refuse(notYet(word), argv, system);
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

/** A number stands in front of an agent program. */
function howMany(count: string, [word]: readonly string[]): Refusal {
  const of = word === undefined ? "" : ` "${word}"${didYouMean(word, toolNames)}`;
  return new Refusal({
    code: "unknown_command",
    exit: exitCode.usage,
    message: word === undefined ? `${count} of which tool?` : `there is no tool${of}`,
    hint: `there are: ${toolNames.map((tool) => `hcom ${count} ${tool}`).join(", ")}`,
  });
}

function notYet(word: string): Refusal {
  return new Refusal({
    code: "not_in_this_version",
    exit: exitCode.usage,
    message: `hcom ${word} is not in this version`,
    hint: "what is here: hcom --help",
  });
}

async function refuse(error: Refusal, argv: readonly string[], system: System): Promise<number> {
  const out = output(system.env);
  const code = report(error, { out, system, json: wantsJson(argv), command: "hcom" });
  return said(out, code);
}
