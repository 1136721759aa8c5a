// A frame of the state: head, the view, what is typed or said, and the keys. Pure: the same state
// gives the same frame, whatever draws it.
import { type Part, style } from "../cli/style.ts";
import { filterLine, footer, head, jobLine, noticeLine } from "./around.ts";
import { type Frame, fit, type Line } from "./line.ts";
import type { State } from "./state.ts";
import { inputBlock } from "./typing/input.ts";
import type { ViewName } from "./view-name.ts";
import { showActivity } from "./views/activity.ts";
import { showAgent } from "./views/agent.ts";
import { showAgents } from "./views/agents.ts";
import { showApprovals } from "./views/approvals.ts";
import { showChannels } from "./views/channels.ts";
import { showLaunch } from "./views/launch.ts";
import { showRelay } from "./views/relay.ts";
import { showSettings } from "./views/settings.ts";
import { showTalk } from "./views/talk.ts";
import { showWindow } from "./views/windows.ts";
import { filled } from "./window.ts";
import type { World } from "./world.ts";

const least = { width: 30, height: 8 } as const;

/** Exactly `height` lines of exactly `width` columns. */
export type Shower = (state: State, width: number, height: number) => Line[];

const showers: Readonly<Record<ViewName, Shower>> = {
  agents: showAgents,
  talk: showTalk,
  activity: showActivity,
  agent: showAgent,
  approvals: showApprovals,
  channels: showChannels,
  launch: showLaunch,
  settings: showSettings,
  relay: showRelay,
};

export function show(state: State): Frame {
  const { width, height } = state;
  if (width < least.width || height < least.height) return tooSmall(width, height);
  const top: Line[] = [head(state, width)];
  if (height >= 12) top.push({ parts: fit([], width) });
  const input = inputBlock(state, width, Math.max(1, Math.floor(height / 3)));
  const said = noticeLine(state, width);
  // What can still be taken back is in sight whatever is said.
  const isWaiting = state.jobs.some((job) => job.state === "waiting");
  const jobs = said === undefined || isWaiting ? jobLine(state, width) : undefined;
  const below: Line[] = [
    ...[filterLine(state, width), said, jobs]
      .filter((one) => one !== undefined)
      .map((parts) => ({ parts })),
    ...input.lines,
    footer(state, width),
  ];
  const room = Math.max(0, height - top.length - below.length);
  const body = filled(bodyOf(state, width, room), room, width);
  const lines = [...top, ...body, ...below].slice(0, height);
  const inputTop = lines.length - 1 - input.lines.length;
  const { cursor } = input;
  return {
    width,
    lines,
    cursor: cursor && { x: Math.min(width - 1, cursor.x), y: inputTop + cursor.y },
  };
}

/**
 * What only happens is seen where it is listed, and there nobody reads ten lines a second: it may
 * be gathered. All else is shown at once.
 */
export function hasteOf({ view }: State, world: Partial<World>): "now" | "soon" | "never" {
  if (Object.keys(world).some((name) => name !== "activity")) return "now";
  return view === "activity" ? "soon" : "never";
}

function bodyOf(state: State, width: number, height: number): Line[] {
  switch (state.mode.kind) {
    case "help":
    case "why":
    case "jobs":
      return showWindow(state, width, height);
    default:
      return showers[state.view](state, width, height);
  }
}

function tooSmall(width: number, height: number): Frame {
  const words: Part[][] = [
    [style.warn("too small")],
    [`${least.width}x${least.height} at least`],
    ["q leaves"],
  ];
  const lines = words.map((parts) => ({ parts }));
  return { width, lines: filled(lines, height, width) };
}
