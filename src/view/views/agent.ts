// One agent: its live screen, what it and its person said, its mail, and what is known about it.
// Wide screens show two of these at once.
import { type Part, style } from "../../cli/style.ts";
import { heading } from "../around.ts";
import { fit, folded, type Line } from "../line.ts";
import { doingOf, markOf } from "../marks.ts";
import { agentNamed, chosenAt, rowsOf } from "../rows.ts";
import { panes, type State } from "../state.ts";
import { beside, filled, listed } from "../window.ts";
import type { AgentSeen } from "../world.ts";
import { aboutAgent } from "./about.ts";
import { chosenLine } from "./agents.ts";
import { messageLines } from "./talk.ts";

export function showAgent(state: State, width: number, height: number): Line[] {
  const agent = agentNamed(state, state.agent);
  if (agent === undefined) {
    const text =
      state.agent === "" ? "  Choose an agent first." : `  ${state.agent} is not here any more.`;
    return filled([{ parts: [text] }], height, width);
  }
  const names = panes.flatMap((one): Part[] => [
    one === state.pane ? style.strong(`[${one}]`) : style.faint(` ${one} `),
  ]);
  const title: Part[] = [
    markOf(agent),
    " ",
    style.name(agent.shown),
    " ",
    style.faint(agent.tool),
    "  ",
  ];
  const top: Line = { parts: heading([...title, doingOf(agent)], names, width) };
  const room = height - 1;
  if (width < 130) return [top, ...pane(state, agent, state.pane, width, room)];
  const half = Math.floor((width - 3) / 2);
  const other = state.pane === "screen" ? "mail" : "screen";
  const left = pane(state, agent, state.pane === "screen" ? "screen" : state.pane, half, room);
  const right = pane(state, agent, other, width - half - 3, room);
  return [top, ...beside(left, right, " │ ")];
}

function pane(
  state: State,
  agent: AgentSeen,
  which: State["pane"],
  width: number,
  height: number,
): Line[] {
  switch (which) {
    case "screen":
      return screenLines(state, agent.name, width, height);
    case "words":
      return transcriptLines(state, agent, width, height);
    case "mail":
      return mailLines(state, width, height);
    case "settings":
      return ownSettingLines(state, agent, width, height);
    case "about":
      return filled(aboutAgent(state, agent, width - 2).map(indented), height, width);
  }
}

/** Each with what it means for the chosen one. */
function ownSettingLines(state: State, agent: AgentSeen, width: number, height: number): Line[] {
  const own = state.world.agentSettings;
  if (own?.name !== agent.name) {
    return filled([{ parts: [style.faint("  reading ...")] }], height, width);
  }
  const at = state.pane === "settings" ? chosenAt(state, rowsOf(state, "agent"), "agent") : -1;
  const lines = own.settings.map(({ key, value, source }, nth) => {
    const parts: Part[] = [
      ...[nth === at ? "❯ " : "  ", ...fit([key], Math.min(18, Math.floor(width / 2))), " "],
      value === "" ? style.faint("(not set)") : value,
      style.faint(`  [${source}]`),
    ];
    return chosenLine(fit(parts, width), nth === at, key);
  });
  const about = folded(own.settings[at]?.about ?? "", width - 4, 3).slice(0, 3);
  const below = about.map((text): Line => ({ parts: ["  ", style.faint(text)] }));
  return filled([...lines, { parts: [] }, ...below], height, width);
}

function indented(line: Line): Line {
  return { ...line, parts: [" ", ...line.parts] };
}

/** Its end, where the input box and questions stand. */
export function screenLines(state: State, name: string, width: number, height: number): Line[] {
  const screen = state.world.screens.get(name);
  if (screen === undefined)
    return filled([{ parts: [style.faint("  looking ...")] }], height, width);
  if (screen.problem !== "") {
    const lines = folded(screen.problem, width - 4).map((text) => ({
      parts: ["  ", style.faint(text)],
    }));
    return filled(lines, height, width);
  }
  const lines = [...screen.lines];
  while (lines.length > 0 && lines.at(-1)?.trim() === "") lines.pop();
  const shown = lines.slice(-height).map((text): Line => ({ parts: fit([" ", text], width) }));
  return filled(shown, height, width);
}

function transcriptLines(state: State, agent: AgentSeen, width: number, height: number): Line[] {
  const { transcript } = state.world;
  if (transcript === undefined || transcript.name !== agent.name) {
    return filled([{ parts: [style.faint("  reading ...")] }], height, width);
  }
  if (transcript.problem !== "") {
    const lines = folded(transcript.problem, width - 4).map((text) => ({ parts: ["  ", text] }));
    return filled(lines, height, width);
  }
  const lines = transcript.exchanges.flatMap(({ position, user, action }): Line[] => [
    { parts: fit([style.faint(` ${position} `), style.strong("asked")], width) },
    ...folded(user, width - 6, 6)
      .slice(0, 6)
      .map((text) => ({ parts: fit(["    ", text], width) })),
    { parts: fit(["   ", style.name(agent.shown)], width) },
    ...folded(action, width - 6, 12)
      .slice(0, 12)
      .map((text) => ({ parts: fit(["    ", text], width) })),
  ]);
  return filled(lines.slice(-height), height, width);
}

function mailLines(state: State, width: number, height: number): Line[] {
  const rows = rowsOf(state, "agent");
  if (rows.length === 0) return filled([{ parts: ["  No mail from or for it."] }], height, width);
  const at = chosenAt(state, rows, "agent");
  const from = Math.max(0, at - height);
  const lines = rows
    .slice(from, at + height)
    .map((row, nth) =>
      row.kind === "message"
        ? messageLines(state, row.message, { width, most: 3, isChosen: from + nth === at })
        : [],
    );
  return listed(lines, at - from, { height, width, isFromBelow: true });
}
