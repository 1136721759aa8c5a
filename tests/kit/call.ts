// A command in this process, over a directory of the test's own: what it prints, and what it refuses.
import type { Call, Command, Out } from "../../src/cli/command.ts";
import { parse } from "../../src/cli/parse.ts";
import { painted } from "../../src/cli/style.ts";
import { forPeople, forScripts } from "../../src/core/printable.ts";
import { Refusal } from "../../src/core/refusal.ts";
import type { System } from "../../src/sys/system.ts";

interface Ran {
  code: number;
  /** Standard output. */
  text: string;
  /** Standard error. */
  notes: string;
}

/** In a pipe, or at a terminal of 100 columns. */
export async function call(
  system: System,
  command: Command,
  argv: readonly string[],
  { isForPeople = false } = {},
): Promise<Ran> {
  let [text, notes] = ["", ""];
  const out: Out = {
    view: { isForPeople, isColoured: false, width: isForPeople ? 100 : Number.POSITIVE_INFINITY },
    line: (...parts) => {
      text += `${painted(parts, false, forPeople)}\n`;
    },
    framedNote: () => {},
    framed: () => {},
    note: (...parts) => {
      notes += `${painted(parts, false, forPeople)}\n`;
    },
    json: (value) => {
      text += `${forScripts(value)}\n`;
    },
    flush: () => Promise.resolve(true),
  };
  const { words, rest, flags } = parse(command, argv);
  const given = { name: flags.value("name"), go: false, json: flags.has("json") };
  const whole: Call = { system, words, rest, flags, argv, out, ...given };
  const code = await command.run(whole);
  return { code, text, notes };
}

/** What `work` refuses; an error where it does not. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await work.catch((caught: unknown) => caught);
  if (error instanceof Refusal) return error;
  throw new Error(`not refused: ${String(error)}`);
}
