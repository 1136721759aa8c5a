// Which store the server's arguments mean. AgenticComm takes the first argument for the path; its
// documented `--store PATH` works here as well.
import type { StoreChoice } from "../bus/channels/locate.ts";
import { exitCode, Refusal } from "../core/refusal.ts";

export function choiceIn(argv: readonly string[]): StoreChoice {
  const choice: StoreChoice = {};
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--bus") choice.isBus = true;
    else name(choice, pathIn(word, rest));
  }
  if (choice.isBus === true && choice.file !== undefined) {
    throw usage("--bus and a store's path exclude each other");
  }
  return choice;
}

function pathIn(word: string, rest: string[]): string {
  if (word === "--store") {
    const path = rest.shift();
    if (path === undefined) throw usage("--store needs a path");
    return path;
  }
  if (word.startsWith("--store=")) return word.slice("--store=".length);
  if (word.startsWith("-")) throw usage(`there is no option ${word}`);
  return word;
}

function name(choice: StoreChoice, path: string): void {
  if (path === "") throw usage("the path of a store cannot be empty");
  if (choice.file !== undefined) throw usage(`one store only, not ${choice.file} and ${path}`);
  choice.file = path;
}

function usage(message: string): Refusal {
  return new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message,
    hint: "agentic-comm-mcp [--store PATH | --bus]",
  });
}
