// hcom term: look at an agent's screen; `term inject` types into it.

import { requireInstance, requireNamed } from "../bus/agents/identity.ts";
import { openBus } from "../bus/bus.ts";
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { type Instance, launchContextOf } from "../core/instance.ts";
import { asObject, asText, asTexts } from "../core/json.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { callControl } from "../delivery/control.ts";

const answerMs = 5000;

const command: Command = {
  name: "term",
  group: "agents",
  summary: "look at an agent's screen, or type into it",
  usage: ["term [NAME] [--json]", "term inject NAME [TEXT] [--enter]"],
  flags: [
    { name: "enter", about: "press Enter after the text" },
    { name: "force", about: "type even while a question is on the screen" },
    { name: "clean", about: "without trailing blanks and empty lines" },
  ],
  exits: {
    1: "the agent has no terminal of ours",
    3: "no such agent",
    6: "a question waits for a human",
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
    return inject(call, row, text);
  }
  const row =
    first === undefined ? requireInstance(bus, { name: call.name }) : requireNamed(bus, first);
  const screen = asObject(await ask(row, { op: "screen" }));
  if (call.json) call.out.json(screen);
  else for (const line of linesOf(screen, call.flags.has("clean"))) call.out.line(line);
  return exitCode.ok;
}

function linesOf(screen: Record<string, unknown>, clean: boolean): string[] {
  const lines = asTexts(screen["lines"]).map((line) => line.trimEnd());
  if (clean) return lines.filter((line) => line !== "");
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

async function inject(call: Call, row: Instance, text: string): Promise<number> {
  const enter = call.flags.has("enter");
  if (text === "" && !enter) throw usageError(command, "there is nothing to type");
  const answer = asObject(
    await ask(row, { op: "inject", text, enter, force: call.flags.has("force") }),
  );
  if (call.json) call.out.json(answer);
  else call.out.line(`Typed into ${row.name}${enter ? " and pressed Enter" : ""}`);
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
    message: `${row.name}: ${message}`,
    exit: refused["code"] === "approval_open" ? exitCode.needsHuman : exitCode.error,
    hint: "look first: hcom term NAME",
  });
}

function noTerminal(row: Instance, reason: string): Refusal {
  return new Refusal({
    code: "no_terminal",
    message: `no terminal of ${row.name} to look at: ${reason}`,
    hint: "agents started with hcom TOOL have one",
  });
}
