// The one word of the commands that are about a message: its number.
import { parseEventRef } from "../core/names/address.ts";
import type { Call, Command } from "./command.ts";
import { usageError } from "./parse.ts";

export function messageId(command: Command, call: Call): number {
  const [word = ""] = call.words;
  const ref = call.words.length === 1 ? parseEventRef(word) : undefined;
  if (ref !== undefined && ref.device === undefined) return ref.id;
  throw usageError(command, `name one message by its number, for example: hcom ${command.name} 42`);
}
