// Brings an agent's pane to the front of who looks at its terminal.
import type { Bus } from "../../bus/bus.ts";
import { type Instance, launchContextOf } from "../../core/instance.ts";
import { surroundings } from "./choose.ts";
import { withOwn } from "./own.ts";
import { fill } from "./preset.ts";
import { presets } from "./presets.ts";

/** The words that do it; undefined where the terminal has none, or the pane is not known. */
export type Focus = (row: Instance) => string[] | undefined;

/** The owner's terminals are read once, for as many agents as are asked about. */
export function focusOf(bus: Bus): Focus {
  const all = withOwn(presets, surroundings(bus).own);
  return (row) => {
    const { pane_id: pane = "", terminal_preset_effective: name } = launchContextOf(row);
    const words = all.find((one) => one.name === name)?.focus;
    return words === undefined || pane === "" ? undefined : fill(words, { pane_id: pane });
  };
}
