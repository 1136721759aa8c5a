// Terminals of the owner: a command in place of a name, and tables in the settings file, which
// add to the built-in ones or replace fields of those.
import type { OwnTerminal } from "../../config/own-terminals.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { shellSplit } from "../../tools/shell-quote.ts";
import type { Preset } from "./preset.ts";

/** `my-term -e {script}`: whatever it is called, it runs the script. */
export function customPreset(command: string): Preset {
  const open = openWords(command);
  if (open === undefined) throw notUsable("--terminal");
  return { name: open[0] ?? command, binary: open[0] ?? "", inside: [], open };
}

/** Ours in their order, then the owner's. What says nothing usable is left out. */
export function withOwn(presets: readonly Preset[], own: readonly OwnTerminal[]): Preset[] {
  const named = new Map(own.map((one) => [one.name, one]));
  const known = new Set(presets.map(({ name }) => name));
  return [
    ...presets.map((preset) => {
      const theirs = named.get(preset.name);
      return theirs === undefined ? preset : (merged(preset, theirs) ?? preset);
    }),
    ...own.filter(({ name }) => !known.has(name)).flatMap((one) => merged(undefined, one) ?? []),
  ];
}

export function notUsable(name: string): Refusal {
  return new Refusal({
    code: "bad_terminal",
    exit: exitCode.usage,
    message: `the command of the terminal ${name} is no list of shell words with {script} in it`,
    hint: `write it as a list: open = ["my-term", "-e", "{script}"]`,
  });
}

function merged(base: Preset | undefined, own: OwnTerminal): Preset | undefined {
  const open = own.open === undefined ? base?.open : openWords(own.open);
  if (open === undefined) return undefined;
  const bare: Pick<Preset, "inside" | "printed" | "platforms"> = base ?? { inside: [] };
  const { platforms: _anywhere, ...rest } = bare;
  const binary = own.binary ?? (own.open === undefined ? base?.binary : firstOf(open));
  const close = own.close === undefined ? base?.close : wordsOf(own.close);
  return {
    ...rest,
    name: own.name,
    open,
    printed: rest.printed ?? /^(\S+)$/m,
    ...(binary === undefined ? {} : { binary }),
    ...(own.app === undefined ? {} : { app: own.app }),
    ...(close === undefined ? {} : { close }),
    ...(own.paneIdEnv === undefined ? {} : { inside: [own.paneIdEnv] }),
  };
}

function firstOf(open: Preset["open"]): string | undefined {
  return typeof open === "function" ? undefined : open[0];
}

function openWords(written: string | readonly string[]): string[] | undefined {
  const words = wordsOf(written);
  return words?.some((word) => word.includes("{script}")) ? words : undefined;
}

function wordsOf(written: string | readonly string[]): string[] | undefined {
  return typeof written === "string" ? shellSplit(written) : [...written];
}
