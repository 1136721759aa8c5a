// Who is here: those who need a person first, then who works, then who rests; with the last words
// of each. Wide screens show the chosen one beside the list.
import { type Part, style } from "../../cli/style.ts";
import { columns, fit, type Line } from "../line.ts";
import { ageOf, doingOf, markOf } from "../marks.ts";
import { chosenAt, groupOf, lastWords, type Row, rowsOf } from "../rows.ts";
import type { State } from "../state.ts";
import { beside, filled, listed } from "../window.ts";
import type { AgentSeen, MessageSeen, StoppedSeen } from "../world.ts";
import { aboutAgent } from "./about.ts";

export function showAgents(state: State, width: number, height: number): Line[] {
  const rows = rowsOf(state);
  if (rows.length === 0) return filled(nobody(state), height, width);
  const at = chosenAt(state, rows);
  const isWide = width >= 110;
  const listWidth = isWide ? Math.floor(width * 0.6) : width;
  // Far from the chosen one nothing is seen: a crowd must not cost more.
  const from = Math.max(0, at - height);
  const near = rows.slice(from, at + height);
  const all = linesOf(state, near, at - from, listWidth, groupBefore(state, rows[from - 1]));
  const lines = listed(all, at - from, { height, width: listWidth });
  const row = rows[at];
  if (!isWide || row?.kind !== "agent") return filled(lines, height, width);
  const about = filled(
    aboutAgent(state, row.agent, width - listWidth - 3),
    height,
    width - listWidth - 3,
  );
  return beside(lines, about, " │ ");
}

function nobody(state: State): Line[] {
  if ((state.filter.agents ?? "") !== "")
    return [{ parts: [`  nobody fits "${state.filter.agents}"`] }];
  const launch = state.keys.find((one) => one.action === "launch")?.keys.join(" or ") ?? "";
  return [
    { parts: ["  Nobody is here."] },
    { parts: [] },
    { parts: ["  ", style.strong(launch), "  launches agents"] },
    { parts: ["  ", style.strong("?"), "  shows every key"] },
  ];
}

function groupIn(state: State, row: Row): string {
  return row.kind === "agent" ? groupOf(state, row.agent) : "stopped";
}

/** undefined: nothing is before. */
function groupBefore(state: State, row: Row | undefined): string | undefined {
  return row === undefined ? undefined : groupIn(state, row);
}

function linesOf(
  state: State,
  rows: readonly Row[],
  at: number,
  width: number,
  before: string | undefined,
): Line[][] {
  const words = lastWords(state);
  const widths = widthsOf(rows, width);
  let group = before;
  return rows.map((row, nth) => {
    const lines: Line[] = [];
    const next = groupIn(state, row);
    if (next !== group && next !== "") lines.push({ parts: fit([" ", style.strong(next)], width) });
    else if (next !== group && group !== undefined) lines.push({ parts: fit([], width) });
    group = next;
    if (row.kind === "agent") {
      const parts = agentLine(state, row.agent, widths, words.get(row.agent.name));
      lines.push(chosenLine(fit([nth === at ? "❯" : " ", ...parts], width), nth === at, row.id));
    } else if (row.kind === "stopped") {
      const parts = stoppedLine(state, row.stopped, widths);
      lines.push(chosenLine(fit([nth === at ? "❯" : " ", ...parts], width), nth === at, row.id));
    }
    return lines;
  });
}

export function chosenLine(parts: Part[], isChosen: boolean, row: string): Line {
  return isChosen ? { parts, isChosen, row } : { parts, row };
}

interface Widths {
  name: number;
  tool: number;
  doing: number;
  words: number;
}

function widthsOf(rows: readonly Row[], width: number): Widths {
  const names = rows.map((row) => (row.kind === "agent" ? nameWidth(row.agent) : 12));
  const tools = rows.map((row) => (row.kind === "agent" ? row.agent.tool.length : 6));
  const name = Math.min(Math.max(10, ...names), Math.max(10, Math.floor(width / 3)));
  const tool = width < 60 ? 0 : Math.min(10, Math.max(4, ...tools));
  const left = width - name - tool - 5 - 8;
  const words = width < 90 ? 0 : Math.floor(left / 2);
  return { name, tool, doing: Math.max(4, left - words), words };
}

function nameWidth(agent: AgentSeen): number {
  const extra = (agent.isHeadless ? 11 : 0) + (agent.isRemote ? 9 : 0) + (agent.unread > 0 ? 4 : 0);
  return columns([agent.shown]) + extra;
}

function agentLine(
  state: State,
  agent: AgentSeen,
  widths: Widths,
  last: MessageSeen | undefined,
): Part[] {
  const mark = state.marked.has(agent.name) ? style.strong("*") : " ";
  const name: Part[] = [style.name(agent.shown)];
  if (agent.isHeadless) name.push(style.faint(" [headless]"));
  if (agent.isRemote) name.push(style.faint(" [remote]"));
  if (agent.unread > 0) name.push(style.warn(` +${agent.unread}`));
  const age = ageOf(agent.sinceMs, state.world.nowMs);
  return [
    ...[mark, markOf(agent), " ", ...fit(name, widths.name), " "],
    ...(widths.tool === 0 ? [] : [...fit([style.faint(agent.tool)], widths.tool), " "]),
    style.faint(age.padStart(4)),
    " ",
    ...fit([doingOf(agent)], widths.doing),
    ...(widths.words === 0 || last === undefined
      ? []
      : [" ", ...fit([style.faint(last.text)], widths.words - 1)]),
  ];
}

function stoppedLine(state: State, stopped: StoppedSeen, widths: Widths): Part[] {
  const why = [stopped.reason, stopped.by === "" ? "" : `by ${stopped.by}`]
    .filter(Boolean)
    .join(", ");
  return [
    ...[" ", style.faint("⊘"), " ", ...fit([style.faint(stopped.shown)], widths.name), " "],
    ...(widths.tool === 0 ? [] : [...fit([style.faint(stopped.tool)], widths.tool), " "]),
    style.faint(ageOf(stopped.atMs, state.world.nowMs).padStart(4)),
    " ",
    style.faint(`stopped (${why})${stopped.canResume ? "" : "; cannot be resumed"}`),
  ];
}
