// Terminals that a launch can open a pane or window in, as argument lists: never a shell string.

import { didYouMean } from "../core/names/suggest.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { type Around, tmuxSplit, tmuxWindow } from "./tmux.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface Preset {
  name: string;
  /** Variable that proves we are inside it; its value is the pane. */
  insideEnv: string;
  /**
   * Prints the new pane's id on its first line. `script` is a file to run. The directory is where
   * these words are run, not one of them: tmux runs commands that stand in `-c`.
   */
  open(script: string, around: Around): string[];
}

export const presets: readonly Preset[] = [
  { name: "tmux-split", insideEnv: "TMUX_PANE", open: tmuxSplit },
  { name: "tmux", insideEnv: "TMUX_PANE", open: tmuxWindow },
];

/** A preset that does not exist would be noticed at the next launch only. */
export function checkTerminal(value: string): void {
  const words = ["default", "print", "here", ...presets.map((preset) => preset.name)];
  if (value === "" || value.includes("{script}") || words.includes(value)) return;
  throw new Refusal({
    code: "invalid_setting",
    exit: exitCode.usage,
    message: `there is no terminal "${value}"${didYouMean(value, words)}`,
    hint: `it is one of: ${words.join(", ")}, or a command with {script} in it`,
  });
}

export function hasPreset(name: string): boolean {
  return presets.some((preset) => preset.name === name);
}

/** The preset of the terminal we are in. */
export function presetInside(env: Env): string | undefined {
  return presets.find((preset) => Boolean(env[preset.insideEnv]))?.name;
}
