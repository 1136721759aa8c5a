// Every command at once: what help, completion and the manual are made of.
import { knownNames } from "../../bus/known-names.ts";
import type { Command } from "../../cli/command.ts";
import { completionLines } from "../../cli/complete.ts";
import type { System } from "../../sys/system.ts";
import { toolNames } from "../../tools/index.ts";
import { everyCommand } from "../index.ts";

export const commands: () => Promise<Command[]> = everyCommand;

/** What the last word may become, one a line, and never an error. */
export async function candidates(words: readonly string[], system: System): Promise<string[]> {
  return completionLines(words, {
    commands: await commands(),
    tools: toolNames,
    names: (kind) => knownNames(system, kind),
  });
}
