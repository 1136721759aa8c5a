// What stands around every view: who needs whom on top, what was said, and the keys at the bottom.
import { statusTone } from "../cli/agent-row.ts";
import { type Part, style } from "../cli/style.ts";
import { statusIcon } from "../core/status.ts";
import { anyOther, eachHint, type Hint, lastHints } from "./keys/hints.ts";
import { defaultKeys } from "./keys/keys.ts";
import { columns, cut, ends, fit, type Line, type Spot } from "./line.ts";
import { needsHuman } from "./marks.ts";
import type { State } from "./state.ts";
import { titleOf, type ViewName, viewNames } from "./view-name.ts";

/** Views with their keys as far as there is room; on the right what counts. */
export function head(state: State, width: number): Line {
  const named = (view: ViewName, key: string) => `${key} ${titleOf(view)}`;
  const here = (view: ViewName, key: string) => (view === state.view ? named(view, key) : key);
  const alone = (view: ViewName, key: string) => (view === state.view ? named(view, key) : "");
  const forms = [
    [named, "  ", "words"],
    [named, " ", "words"],
    [here, " ", "words"],
    [here, " ", "signs"],
    [alone, " ", "signs"],
    [alone, " ", "urgent"],
  ] as const;
  for (const [name, gap, form] of forms) {
    const left = tabs(state, name, gap);
    const right = left.width >= width ? [] : counts(state, form);
    if (left.width + columns(right) < width) {
      return { parts: ends(left.parts, right, width), spots: left.spots };
    }
  }
  const left = tabs(state, alone, " ");
  return { parts: fit(left.parts, width), spots: left.spots };
}

interface Tabs {
  parts: Part[];
  spots: Spot[];
  width: number;
}

function tabs(state: State, name: (view: ViewName, key: string) => string, gap: string): Tabs {
  const made: Tabs = { parts: [], spots: [], width: 0 };
  for (const [at, view] of viewNames.entries()) {
    const text = name(view, String(at + 1));
    if (text === "") continue;
    const isHere = view === state.view;
    const before = made.parts.length === 0 ? " " : gap;
    const part = isHere ? style.strong(`[${text}]`) : style.faint(text);
    const from = made.width + before.length;
    made.width = from + columns([part]);
    made.parts.push(before, part);
    made.spots.push({ from, to: made.width, view });
  }
  return made;
}

function counts({ world }: State, form: "words" | "signs" | "urgent"): Part[] {
  const asking = world.agents.filter(needsHuman).length;
  const parts: Part[] = [];
  if (world.problem !== "") return [style.bad("the log does not answer ")];
  const inWords = form === "words";
  const verb = asking === 1 ? " asks you" : " ask you";
  const asks = `${statusIcon("blocked")} ${asking}${inWords ? verb : ""}`;
  if (asking > 0) parts.push(style.bad(asks), "  ");
  if (world.unread > 0) parts.push(style.warn(`+${world.unread}${inWords ? " unread" : ""}`), "  ");
  if (form === "urgent") return parts;
  const calm = world.agents.filter((one) => !needsHuman(one));
  for (const status of ["active", "listening"] as const) {
    const count = calm.filter((one) => one.status === status).length;
    parts.push(style[statusTone(status)](`${statusIcon(status)} ${count}`), " ");
  }
  return parts;
}

/** What was just said, for as long as it matters. */
export function noticeLine({ notice, world }: State, width: number): Part[] | undefined {
  if (world.problem !== "") return fit([" ", style.bad(world.problem)], width);
  if (notice === undefined) return undefined;
  return fit([" ", style[notice.tone](notice.text)], width);
}

/** That a list is not all there is, for as long as it is so; while it is typed the box tells. */
export function filterLine({ view, filter, mode, keys }: State, width: number): Part[] | undefined {
  const text = filter[view] ?? "";
  if (text === "" || mode.kind === "filter") return undefined;
  const back = keys.find((one) => one.action === "back")?.keys[0] ?? "";
  const words = `only with "${text}"`;
  return fit([" ", style.warn(words), ...(back === "" ? [] : [`  ${back} shows all`])], width);
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

/** The keys that work now, as many as fit; help and leaving always. */
export function footer(state: State, width: number): Line {
  const last = lastHints(state);
  const right = last.flatMap(keyHint);
  const parts: Part[] = [" "];
  const spots: Spot[] = [];
  const room = width - columns(right) - 2;
  const put = (hint: Hint, from: number) => {
    const [key = ""] = hint.keys;
    const to = from + columns(keyHint(hint)) - 2;
    if (hint.keys.length === 1 && key !== anyOther) spots.push({ from, to, key });
  };
  for (const one of eachHint(state)) {
    const next = keyHint(one);
    const from = columns(parts);
    if (from + columns(next) > room) break;
    put(one, from);
    parts.push(...next);
  }
  let from = width - columns(right);
  for (const one of last) {
    put(one, from);
    from += columns(keyHint(one));
  }
  return { parts: ends(parts, right, width), spots };
}

function keyHint({ keys, does }: Hint): Part[] {
  return [style.strong(keys.join(" ")), style.faint(` ${does}  `)];
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
