// Panes in tmux, beside the caller's own and never beside whichever is looked at right now.

import type { Around } from "./preset.ts";

const printed = ["-d", "-P", "-F", "#{pane_id}"];

/** A window of its own, behind the caller's; outside of tmux in a session of its own. */
export function tmuxWindow(script: string, { pane, opened, ask }: Around): string[] {
  const beside = opened.at(-1) ?? pane;
  if (beside === undefined) {
    // This starts a server where none runs. Whoever attaches gives it a size of its own.
    return ["tmux", "new-session", ...printed, "-x", "200", "-y", "50", "sh", script];
  }
  const window = ask(["tmux", "display-message", "-p", "-t", beside, "#{window_id}"]).trim();
  return ["tmux", "new-window", ...printed, "-a", "-t", window, "sh", script];
}

/** The largest pane of the caller or of this launch in two; a window where that is too small. */
export function tmuxSplit(script: string, around: Around): string[] {
  const least = around.isAsked ? smallest : usable;
  const [best] = panesOf(around)
    .map((pane) => ({ ...pane, flag: flagFor(pane, least) }))
    .filter((pane) => pane.flag !== undefined)
    .sort((one, other) => other.cols * other.rows - one.cols * one.rows);
  if (best?.flag === undefined) return tmuxWindow(script, around);
  return ["tmux", "split-window", ...printed, best.flag, "-t", best.id, "sh", script];
}

interface Size {
  cols: number;
  rows: number;
}

/** Agent programs are made for this. */
const usable: Size = { cols: 80, rows: 24 };
const smallest: Size = { cols: 20, rows: 6 };

/** Side by side where both halves are wide enough, else one above the other. */
function flagFor({ cols, rows }: Size, least: Size): "-h" | "-v" | undefined {
  if (cols >= 2 * least.cols + 1 && rows >= least.rows) return "-h";
  return rows >= 2 * least.rows + 1 && cols >= least.cols ? "-v" : undefined;
}

function panesOf({ pane, opened, ask }: Around): (Size & { id: string })[] {
  const beside = pane ?? opened[0];
  if (beside === undefined) return [];
  const format = "#{pane_id} #{pane_width} #{pane_height}";
  return ask(["tmux", "list-panes", "-s", "-t", beside, "-F", format])
    .split("\n")
    .map((line) => line.split(" "))
    .map(([id = "", cols, rows]) => ({ id, cols: Number(cols), rows: Number(rows) }))
    .filter(({ id }) => id === pane || opened.includes(id));
}
