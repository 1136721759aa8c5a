// hcom term: look at an agent's screen; `term inject` types into it.

import { requireNamed } from "../../bus/agents/identity.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { listAgents } from "../../bus/life/list.ts";
import { pickAgents } from "../../bus/life/pick-agents.ts";
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { style } from "../../cli/style.ts";
import { type Instance, launchContextOf } from "../../core/instance.ts";
import { asList, asObject, asText, asTexts } from "../../core/json.ts";
import { fullName } from "../../core/names/address.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { callControl } from "../../delivery/control.ts";
import { findFiles } from "../../sys/file-find.ts";
import { ensurePrivateDir, removeFile, writeAtomic } from "../../sys/files.ts";

const answerMs = 5000;

const command: Command = {
  name: "term",
  group: "agents",
  summary: "look at an agent's screen, or type into it",
  usage: [
    "term [NAME...] [--clean]",
    "term inject NAME [TEXT] [--enter] [--force]",
    "term debug on|off|logs",
  ],
  firstWords: [
    { word: "NAME", about: "show what stands on its screen now; without a name: of all" },
    { word: "inject", about: "type the text into its program, as its person would" },
    { word: "debug", about: "write down what each wrapper sees and does; logs: where it is" },
  ],
  flags: [
    { name: "enter", about: "press Enter after the text" },
    { name: "force", about: "type even while a question is on the screen" },
    { name: "clean", about: "the text alone: no head, no row numbers, no empty lines" },
  ],
  exits: {
    1: "no agent asked for has a terminal of hcom",
    3: "no such agent",
    6: "a question to its person is open",
  },
  examples: ["hcom term luna", "hcom term inject luna 'yes, go on' --enter"],
  run: runTerm,
};
export default command;

async function runTerm(call: Call): Promise<number> {
  using bus = openBus(call.system, { writer: "term" });
  const [first, second, ...words] = call.words;
  if (first === "inject") {
    if (second === undefined) throw usageError(command, "name whom: hcom term inject NAME TEXT");
    const row = requireNamed(bus, second);
    const text = [...words, ...(call.rest ?? [])].join(" ");
    return await inject(call, row, text);
  }
  if (first === "debug") {
    if (words.length > 0) throw usageError(command, `what is "${words.join(" ")}"?`);
    return await debug(call, bus, second);
  }
  return await showScreens(call, await screensOf(call, bus));
}

interface Shown {
  row: Instance;
  /** What the wrapper answered, or why it did not. */
  screen: Record<string, unknown> | Refusal;
}

/** Of those that are named, or of all; who has none is no error beside others. */
async function screensOf(call: Call, bus: Bus): Promise<Shown[]> {
  const isAll = call.words.length === 0;
  const rows = isAll
    ? listAgents(bus)
        .map((agent) => agent.row)
        .filter((row) => launchContextOf(row).control_socket !== undefined)
    : pickAgents(bus, call.words, (word) => requireNamed(bus, word)).rows;
  return Promise.all(
    rows.map(async (row) => {
      try {
        return { row, screen: asObject(await ask(row, { op: "screen" })) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { row, screen: error };
      }
    }),
  );
}

function showScreens(call: Call, all: readonly Shown[]): number {
  const [only] = all;
  const refused = all.flatMap(({ screen }) => (screen instanceof Refusal ? [screen] : []));
  if (only === undefined) {
    if (call.json) call.out.json([]);
    else call.out.line("No agent has a terminal of hcom to look at. Agents: hcom list");
    return exitCode.ok;
  }
  if (refused.length === all.length && refused[0] !== undefined) throw refused[0];
  const shown = all.flatMap((one) => (one.screen instanceof Refusal ? [] : [one]));
  if (call.json) {
    const isOne = call.words.length === 1;
    const named = shown.map(({ row, screen }) => ({ name: row.name, ...screen }));
    call.out.json(isOne ? shown[0]?.screen : named);
    return exitCode.ok;
  }
  for (const { row, screen } of shown) print(call, row, asObject(screen));
  for (const one of refused) call.out.note(one.message);
  return exitCode.ok;
}

function print(call: Call, row: Instance, screen: Record<string, unknown>): void {
  const lines = asTexts(screen["lines"]).map((line) => line.trimEnd());
  if (call.flags.has("clean")) {
    for (const line of lines) if (line !== "") call.out.line(line);
    return;
  }
  const [rows, columns] = asList(screen["size"]);
  const size = `${columns}x${rows}`;
  const head = `${row.tool}, ${row.status}, ${size}`;
  call.out.line("Screen of ", style.name(fullName(row)), style.faint(` (${head})`));
  while (lines.at(-1) === "") lines.pop();
  for (const [at, line] of lines.entries()) call.out.line(style.faint(`  ${at + 1}: `), line);
}

/** The wrappers look for that file. */
async function debug(call: Call, bus: Bus, word: string | undefined): Promise<number> {
  const flag = `${bus.paths.tmp}/pty_debug_on`;
  switch (word) {
    case "on":
      ensurePrivateDir(bus.paths.tmp);
      writeAtomic(flag, "");
      call.out.line("Wrappers write down every five seconds what they see: hcom term debug logs");
      return exitCode.ok;
    case "off":
      removeFile(flag);
      call.out.line("Wrappers write down nothing more. What there is: hcom term debug logs");
      return exitCode.ok;
    case "logs": {
      const found = await findFiles(bus.paths.logs, ["pty_debug_*.log"]);
      if (call.json) call.out.json(found);
      else for (const path of found) call.out.line(path);
      if (found.length === 0) call.out.note("there are none; to have some: hcom term debug on");
      return exitCode.ok;
    }
    default:
      throw usageError(command, `what is "${word ?? ""}"? on, off or logs`);
  }
}

async function inject(call: Call, row: Instance, text: string): Promise<number> {
  const enter = call.flags.has("enter");
  if (text === "" && !enter) throw usageError(command, "there is nothing to type");
  const answer = asObject(
    await ask(row, { op: "inject", text, enter, force: call.flags.has("force") }),
  );
  if (call.json) call.out.json(answer);
  else call.out.line(`Typed into ${fullName(row)}${enter ? " and pressed Enter" : ""}`);
  return exitCode.ok;
}

async function ask(row: Instance, request: object): Promise<unknown> {
  const socket = launchContextOf(row).control_socket;
  if (socket === undefined) throw noTerminal(row, "it was not started by hcom");
  let answer: Record<string, unknown>;
  try {
    answer = asObject(await callControl(socket, request, answerMs));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw noTerminal(row, error instanceof Error ? error.message : String(error));
  }
  const refused = asObject(answer["error"]);
  const message = asText(refused["message"]);
  if (message === undefined) return answer;
  throw new Refusal({
    code: asText(refused["code"]) ?? "refused",
    message: `${fullName(row)}: ${message}`,
    exit: refused["code"] === "approval_open" ? exitCode.needsHuman : exitCode.error,
    hint: `look first: hcom term ${fullName(row)}`,
  });
}

function noTerminal(row: Instance, reason: string): Refusal {
  return new Refusal({
    code: "no_terminal",
    message: `no terminal of ${fullName(row)} to look at: ${reason}`,
    hint: "agents started with hcom TOOL have one",
  });
}
