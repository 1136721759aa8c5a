// What `timeline` and `search` have in common: whose transcripts, and how many of what is in them.
import type { Choice } from "../../bus/transcripts/each.ts";
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { toolNameOf, toolNames } from "../../tools/index.ts";

/** A whole number from 1. */
export function countOf(
  call: Call,
  command: Command,
  { flag, usual }: { flag: string; usual: number },
): number {
  const count = call.flags.number(flag) ?? usual;
  if (Number.isInteger(count) && count > 0) return count;
  throw usageError(command, `--${flag} takes a whole number from 1, not ${count}`);
}

export function choiceOf(call: Call, command: Command): Choice {
  const asked = call.flags.value("tool");
  const tool = asked === undefined ? undefined : toolNameOf(asked);
  if (asked !== undefined && tool === undefined) {
    throw usageError(command, `--tool takes one of ${toolNames.join(", ")}, not "${asked}"`);
  }
  const note = (problem: string) => call.out.note(problem);
  return { isLiveOnly: call.flags.has("live"), tool, note };
}
