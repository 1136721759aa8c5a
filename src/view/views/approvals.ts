// Every question that any agent asks a person, with the exact text on its screen before a key of
// ours answers it.
import { type Part, style } from "../../cli/style.ts";
import { fit, folded, type Line } from "../line.ts";
import { ageOf, doingOf, markOf } from "../marks.ts";
import { chosenAt, rowsOf } from "../rows.ts";
import type { State } from "../state.ts";
import { filled, listed } from "../window.ts";
import { holdLines } from "./about.ts";
import { screenLines } from "./agent.ts";
import { chosenLine } from "./agents.ts";

export function showApprovals(state: State, width: number, height: number): Line[] {
  const rows = rowsOf(state);
  if (rows.length === 0) {
    const filter = state.filter.approvals ?? "";
    const text = filter === "" ? "Nobody waits for you." : `Nobody who waits fits "${filter}".`;
    return filled([{ parts: [`  ${text}`] }], height, width);
  }
  const at = chosenAt(state, rows);
  const listHeight = Math.min(rows.length, Math.max(1, Math.floor(height / 4)));
  const lines = rows.map((row, nth) => {
    if (row.kind !== "agent") return [];
    const { agent } = row;
    const parts: Part[] = [
      nth === at ? "❯" : " ",
      ...[markOf(agent), " ", style.name(agent.shown), " ", style.faint(agent.tool), " "],
      style.faint(`${ageOf(agent.sinceMs, state.world.nowMs)}  `),
      doingOf(agent),
    ];
    return [chosenLine(fit(parts, width), nth === at, row.id)];
  });
  const list = listed(lines, at, { height: listHeight, width });
  const row = rows[at];
  if (row?.kind !== "agent") return filled(list, height, width);
  const { agent } = row;
  const screen = state.world.screens.get(agent.name);
  const can = screen?.question === true;
  const how = can
    ? [style.strong("y"), " allows, ", style.strong("d"), " denies what stands here:"]
    : [style.faint("no key here can answer it; its screen:")];
  const words = agent.hasScreen
    ? [{ parts: fit([" ", ...how], width) }]
    : [...folded("It runs in a terminal that hcom does not see: answer it there.", width - 2)].map(
        (text) => ({ parts: fit([" ", text], width) }),
      );
  const head: Line[] = [
    { parts: fit([], width) },
    ...holdLines(agent, width - 2).map(indented),
    ...words,
  ];
  const room = Math.max(0, height - list.length - head.length);
  const below = agent.hasScreen ? screenLines(state, agent.name, width, room) : [];
  return filled([...list, ...head, ...below], height, width);
}

function indented(line: Line): Line {
  return { ...line, parts: [" ", ...line.parts] };
}
