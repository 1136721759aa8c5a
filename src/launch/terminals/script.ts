// What a new terminal runs: a script that becomes the agent's wrapper. Its variables, secrets
// among them, stand beside it in a file that only our user reads and that goes when it was read.
import { paneVariables } from "../../bus/life/pane.ts";
import { removeFile, writeAtomic } from "../../sys/files.ts";
import { shellJoin, shellQuote } from "../../tools/shell-quote.ts";
import type { Preset } from "./preset.ts";

export interface ScriptOrder {
  /** Where both files go; one name for both. */
  base: string;
  /** Undefined where its owner chooses the terminal and carries the script there. */
  preset: Preset | undefined;
  directory: string;
  env: Readonly<Record<string, string>>;
  /** Variables that must not come from around. */
  foreign: readonly string[];
  words: readonly string[];
  /** Files that are of no use once it runs. */
  spent: readonly string[];
}

/** What a terminal gives each of its windows anew. */
const ofWindow = ["TERM", "COLORTERM", "TERMINFO", "COLUMNS", "LINES", "WINDOWID"];

/** The script's path, ready to be run once. */
export function writeScript(order: ScriptOrder): string {
  const path = `${order.base}.sh`;
  writeAtomic(path, `#!/bin/sh\n${scriptText({ ...order, spent: [path, ...order.spent] })}`, 0o700);
  return path;
}

/** Writes the variables; the text alone tells nobody anything. */
export function scriptText(order: ScriptOrder): string {
  const { base, preset, spent } = order;
  const inside = preset?.inside ?? [];
  const variables = `${base}.env`;
  writeAtomic(variables, exportsOf(order.env), 0o600);
  const foreign = order.foreign.filter((name) => !inside.includes(name));
  const names = preset?.close === undefined ? "" : inside.join(" ");
  const origin = { [paneVariables.preset]: preset?.name, [paneVariables.names]: names };
  return [
    ...(spent.length === 0 ? [] : [`rm -f ${shellJoin(spent)}`]),
    `unset ${foreign.join(" ")}`,
    `. ${shellQuote(variables)} || exit 1`,
    `rm -f ${shellQuote(variables)}`,
    ...(preset === undefined ? [] : [exportsOf(origin).trimEnd()]),
    `cd ${shellQuote(order.directory)} || exit 1`,
    `exec ${shellJoin(order.words)}`,
    "",
  ].join("\n");
}

export function removeScript(base: string): void {
  for (const ending of [".sh", ".env", ".said"]) removeFile(`${base}${ending}`);
}

function exportsOf(env: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(env)
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !ofWindow.includes(name))
    .map(([name, value]) => `export ${name}=${shellQuote(value ?? "")}\n`)
    .join("");
}
