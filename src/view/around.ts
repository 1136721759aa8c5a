// What stands around every view: who needs whom on top, what was said, and the keys at the bottom.
import { type Part, style } from "../cli/style.ts";
import { statusIcon } from "../core/status.ts";
import { type Binding, defaultKeys } from "./keys.ts";
import { columns, cut, ends, fit } from "./line.ts";
import { needsHuman } from "./marks.ts";
import type { State } from "./state.ts";
import { type ViewName, viewNames } from "./view-name.ts";

const titles: Readonly<Record<ViewName, string>> = {
  agents: "Agents",
  talk: "Talk",
  activity: "Activity",
  agent: "Agent",
  approvals: "Approvals",
  channels: "Channels",
  launch: "Launch",
  settings: "Settings",
};

export function titleOf(view: ViewName): string {
  return titles[view];
}

/** Views with their keys as far as there is room; on the right what counts. */
export function head(state: State, width: number): Part[] {
  const right = counts(state);
  const room = width - columns(right) - 2;
  const named = (view: ViewName, key: string) => `${key} ${titles[view]}`;
  const forms = [
    tabs(state, named, "  "),
    tabs(state, named, " "),
    tabs(state, (view, key) => (view === state.view ? named(view, key) : key), " "),
  ];
  const left = forms.find((one) => columns(one) <= room) ?? forms.at(-1) ?? [];
  return ends(left, right, width);
}

function tabs(state: State, name: (view: ViewName, key: string) => string, gap: string): Part[] {
  return viewNames.flatMap((view, at): Part[] => {
    const text = name(view, String(at + 1));
    const isHere = view === state.view;
    return [at === 0 ? " " : gap, isHere ? style.strong(`[${text}]`) : style.faint(text)];
  });
}

function counts({ world }: State): Part[] {
  const of = (is: (status: string) => boolean) =>
    world.agents.filter((one) => is(one.status) && !needsHuman(one)).length;
  const asking = world.agents.filter(needsHuman).length;
  const parts: Part[] = [];
  if (world.problem !== "") return [style.bad("the log does not answer ")];
  if (asking > 0) parts.push(style.bad(`! ${asking} ${asking === 1 ? "asks" : "ask"} you`), "  ");
  if (world.unread > 0) parts.push(style.warn(`+${world.unread} unread`), "  ");
  parts.push(style.busy(`${statusIcon("active")} ${of((one) => one === "active")}`), " ");
  parts.push(style.good(`${statusIcon("listening")} ${of((one) => one === "listening")}`), " ");
  return parts;
}

/** What was just said, for as long as it matters. */
export function noticeLine({ notice, world }: State, width: number): Part[] | undefined {
  if (world.problem !== "") return fit([" ", style.bad(world.problem)], width);
  if (notice === undefined) return undefined;
  return fit([" ", style[notice.tone](notice.text)], width);
}

/** Jobs that wait or run. */
export function jobLine({ jobs, world, keys }: State, width: number): Part[] | undefined {
  const open = jobs.filter((one) => one.state === "waiting" || one.state === "running");
  const waits = open.find((one) => one.state === "waiting");
  const first = waits ?? open[0];
  if (first === undefined) return undefined;
  const more = open.length > 1 ? ` and ${open.length - 1} more` : "";
  if (waits === undefined) return fit([" ", style.busy(`… ${first.label}${more}`)], width);
  const left = Math.max(1, Math.ceil((first.atMs - world.nowMs) / 1000));
  const undo = keys.find((one) => one.action === "undo")?.keys[0] ?? "";
  return fit(
    [" ", style.warn(`${first.label} in ${left} s${more}`), `  ${undo} takes it back`],
    width,
  );
}

/** The keys that work here, as many as fit; help and quit always. */
export function footer(state: State, width: number): Part[] {
  const { mode } = state;
  if (mode.kind !== "browse") return fit([" ", ...hint(mode.kind)], width);
  const shown = state.keys.filter((one) => one.short !== undefined && works(state, one));
  const last = shown.filter((one) => one.action === "help" || one.action === "quit");
  const right = last.flatMap(keyHint);
  const parts: Part[] = [" "];
  const room = width - columns(right) - 2;
  for (const one of shown.filter((binding) => !last.includes(binding))) {
    const next = keyHint(one);
    if (columns(parts) + columns(next) > room) break;
    parts.push(...next);
  }
  return ends(parts, right, width);
}

function keyHint({ keys, short }: Binding): Part[] {
  return [style.strong(keys[0] ?? ""), style.faint(` ${short}  `)];
}

/** Does it do something with what is chosen now? */
function works(state: State, { action, views }: Binding): boolean {
  if (views !== undefined && !views.includes(state.view)) return false;
  switch (action) {
    case "yes":
    case "no":
      return state.world.agents.some(needsHuman);
    case "undo":
      return state.jobs.some((job) => job.state === "waiting");
    case "back":
      return state.behind.length > 0 || (state.filter[state.view] ?? "") !== "";
    case "reply":
    case "why":
    case "ack":
      return state.world.messages.length > 0;
    case "copy":
      return state.view !== "launch";
    default:
      return true;
  }
}

function hint(mode: State["mode"]["kind"]): Part[] {
  const hints: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
    write: [
      ["enter", "send"],
      ["alt+enter", "new line"],
      ["tab", "complete @name"],
      ["ctrl+t", "intent"],
      ["esc", "leave"],
    ],
    filter: [
      ["enter", "keep; look through the whole log"],
      ["esc", "drop"],
    ],
    ask: [
      ["enter", "set"],
      ["esc", "leave"],
    ],
    type: [
      ["esc", "leave its terminal"],
      ["enter", "press enter there"],
    ],
    confirm: [
      ["y enter", "do it"],
      ["any other key", "do not"],
    ],
    help: [
      ["up down", "more"],
      ["any other key", "close"],
    ],
  };
  const of = hints[mode] ?? [["any key", "close"]];
  return of.flatMap(([key, does]) => [style.strong(key), style.faint(` ${does}  `)]);
}

/** For the guide: each action, its keys and what it does. */
export function keyRows(): { keys: string; about: string; where: string }[] {
  return defaultKeys.map(({ keys, about, views }) => ({
    keys: keys.join(" "),
    about,
    where: views === undefined ? "everywhere" : views.map(titleOf).join(", "),
  }));
}

export function heading(left: readonly Part[], right: readonly Part[], width: number): Part[] {
  return ends([" ", ...left], [...cut(right, Math.floor(width / 2)), " "], width);
}
