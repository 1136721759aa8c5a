// Everything that happens, newest at the bottom: messages, actions, statuses, lives.
import { type Part, style } from "../../cli/style.ts";
import { heading } from "../around.ts";
import { columns, fit, type Line } from "../line.ts";
import { timeOf } from "../marks.ts";
import { chosenAt, rowsOf } from "../rows.ts";
import type { State } from "../state.ts";
import { filled, listed } from "../window.ts";
import { chosenLine } from "./agents.ts";

export function showActivity(state: State, width: number, height: number): Line[] {
  const rows = rowsOf(state);
  const filter = state.filter.activity ?? "";
  const isWhole = filter !== "" && state.world.found?.text === filter;
  const told: Part[] = [
    style.strong(state.kinds === "all" ? "everything" : `${state.kinds} only`),
    ...(filter === "" ? [] : [style.warn(`  with "${filter}"`)]),
    ...(isWhole ? [style.faint("  in the whole log")] : []),
  ];
  const top: Line = { parts: heading(told, [style.faint(`${rows.length}`)], width) };
  const room = height - 1;
  if (rows.length === 0) return filled([top, { parts: ["  Nothing fits."] }], height, width);
  const at = chosenAt(state, rows);
  const from = Math.max(0, at - room);
  const near = rows.slice(from, at + room);
  const whoWidth = Math.min(
    Math.floor(width / 3),
    Math.max(8, ...near.map((row) => (row.kind === "event" ? columns(row.event.who) : 0))),
  );
  const lines = near.map((row, nth) => {
    if (row.kind !== "event") return [];
    const { event } = row;
    const isChosen = from + nth === at;
    const parts = [
      isChosen ? "❯" : " ",
      style.faint(timeOf(event.atMs)),
      " ",
      ...fit(event.who, whoWidth),
      " ",
      ...event.what,
    ];
    return [chosenLine(fit(parts, width), isChosen, row.id)];
  });
  return [top, ...listed(lines, at - from, { height: room, width, isFromBelow: true })];
}
