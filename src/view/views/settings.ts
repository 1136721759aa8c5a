// What is set and why it matters, and whether hcom is well: hooks, versions, problems.
import { type Part, style } from "../../cli/style.ts";
import { fit, folded, type Line } from "../line.ts";
import { chosenAt, rowsOf } from "../rows.ts";
import type { State } from "../state.ts";
import { filled, listed } from "../window.ts";
import { chosenLine } from "./agents.ts";

export function showSettings(state: State, width: number, height: number): Line[] {
  const health = healthLines(state, width);
  const rows = rowsOf(state);
  const at = chosenAt(state, rows);
  const chosen = state.world.settings.find((one) => one.key === rows[at]?.id);
  const about = chosen === undefined ? [] : folded(chosen.about, width - 4, 3).slice(0, 3);
  const below = [...about.map((text): Line => ({ parts: fit(["  ", style.faint(text)], width) }))];
  const room = Math.max(1, height - health.length - below.length - 2);
  const lines = rows.map((row, nth) => {
    const setting = state.world.settings.find((one) => one.key === row.id);
    const value = setting?.value ?? "";
    const isOwn = setting?.source !== "default";
    const shown: Part = isOwn ? style.strong(value) : value;
    const parts = [
      ...[nth === at ? "❯ " : "  ", ...fit([row.id], Math.min(24, Math.floor(width / 2))), " "],
      value === "" ? style.faint("(not set)") : shown,
      style.faint(`  [${setting?.source}]`),
    ];
    return [chosenLine(fit(parts, width), nth === at, row.id)];
  });
  const list = listed(lines, at, { height: room, width });
  return filled([...health, { parts: [] }, ...list, { parts: [] }, ...below], height, width);
}

function healthLines({ world }: State, width: number): Line[] {
  const { health } = world;
  if (health === undefined) return [{ parts: fit(["  looking ..."], width) }];
  const hooks = health.hooks.flatMap(({ tool, state, isGood }): Part[] => [
    style.name(tool),
    " ",
    style[isGood ? "good" : "warn"](state),
    "  ",
  ]);
  return [
    {
      parts: fit(
        [" hcom ", style.strong(health.version), style.faint(`  ${health.directory}`)],
        width,
      ),
    },
    { parts: fit([" hooks  ", ...hooks], width) },
    ...health.problems.slice(0, 3).map((text) => ({ parts: fit([" ", style.bad(text)], width) })),
  ];
}
