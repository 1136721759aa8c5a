// One agent in words: what it is, where it runs, what keeps its mail from it, its last messages.
import { type Part, style } from "../../cli/style.ts";
import { fit, folded, type Line } from "../line.ts";
import { ageOf, doingOf, markOf } from "../marks.ts";
import { mailOf } from "../rows.ts";
import type { State } from "../state.ts";
import type { AgentSeen } from "../world.ts";
import { messageLines } from "./talk.ts";

export function aboutAgent(state: State, agent: AgentSeen, width: number): Line[] {
  const { nowMs } = state.world;
  const facts: [string, string][] = [
    ["tool", agent.tool],
    ["directory", agent.directory],
    ["tag", agent.tag],
    ["terminal", terminalOf(agent)],
    ["session", agent.session],
    ["process", agent.pid === undefined ? "" : String(agent.pid)],
    ["part of", agent.parent],
    ["here for", ageOf(agent.createdMs, nowMs)],
    ["unread", agent.unread === 0 ? "" : String(agent.unread)],
  ];
  const lines: Line[] = [
    { parts: fit([markOf(agent), " ", style.name(agent.shown), "  ", doingOf(agent)], width) },
    ...facts
      .filter(([, value]) => value !== "")
      .map(([name, value]) => ({ parts: fit([style.faint(name.padEnd(10)), value], width) })),
    ...holdLines(agent, width),
    { parts: fit([], width) },
  ];
  const mail = mailOf(state, agent.name).slice(-6).reverse();
  return [...lines, ...mail.flatMap((one) => messageLines(state, one, { width, most: 2 }))];
}

/** What is so, and the next command. */
export function holdLines({ hold }: AgentSeen, width: number): Line[] {
  if (hold === undefined) return [];
  const words = folded(hold.text, width).map((text): Part[] => [style.warn(text)]);
  const next: Part[][] = hold.next === undefined ? [] : [["next: ", style.strong(hold.next)]];
  return [...words, ...next].map((parts) => ({ parts: fit(parts, width) }));
}

function terminalOf(agent: AgentSeen): string {
  if (agent.isHeadless) return "none (headless)";
  if (!agent.hasScreen) return "not one of ours";
  return agent.pane === "" ? "its own" : agent.pane;
}
