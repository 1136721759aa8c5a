// What lies over a view for a moment: every key, the fate of a message, the jobs.
import { type Part, style } from "../../cli/style.ts";
import { type Binding, helpOf } from "../keys/keys.ts";
import { ends, fit, folded, type Line } from "../line.ts";
import { ageOf, fateMark, fateWord } from "../marks.ts";
import { messageOf, shownName } from "../rows.ts";
import type { Job, State } from "../state.ts";
import { titleOf } from "../view-name.ts";
import { filled } from "../window.ts";
import { messageLines } from "./talk.ts";

/** Of a list that is longer than its place the part that was gone to, and how much is below. */
export function showWindow(state: State, width: number, height: number): Line[] {
  const lines = windowLines(state, width);
  const at = "at" in state.mode ? state.mode.at : 0;
  const room = height - 1;
  if (lines.length <= height) return filled(lines, height, width);
  const top = Math.max(0, Math.min(at, lines.length - room));
  const below = lines.length - room - top;
  const words = below > 0 ? `  ${below} more below` : "  the end";
  const mark = { parts: fit([style.faint(words)], width) };
  return filled([...lines.slice(top, top + room), mark], height, width);
}

/** How far one can go down in it. */
export function mostDown(state: State): number {
  // Around it stand the views, a blank line, the keys; and its last line tells how much is below.
  const room = state.height - (state.height < 12 ? 2 : 3);
  const { length } = windowLines(state, state.width);
  return length <= room ? 0 : length - room + 1;
}

function windowLines(state: State, width: number): Line[] {
  switch (state.mode.kind) {
    case "help":
      return helpLines(state, width);
    case "why":
      return whyLines(state, state.mode.id, width);
    case "jobs":
      return allJobs(state, width);
    default:
      return [];
  }
}

/** Made from the key table: what works in the view first, then what works everywhere. */
function helpLines(state: State, width: number): Line[] {
  const { own, everywhere } = helpOf(state.keys, state.view);
  return [
    { parts: fit([" ", style.strong(`In ${titleOf(state.view)}`)], width) },
    ...own.map((one) => keyLine(one, width)),
    { parts: fit([" ", style.strong("Everywhere")], width) },
    ...everywhere.map((one) => keyLine(one, width)),
    { parts: fit([" ", style.strong("Signs")], width) },
    { parts: fit(["  ■ needs you   ▶ works   ◉ listens   ○ rests   +2 unread"], width) },
    { parts: fit(["  · waits   … offered   → handed over   ✓ read   ↩ answered   ✗ lost"], width) },
  ];
}

function keyLine({ keys, about, action }: Binding, width: number): Line {
  const name = width < 70 ? [] : [style.faint(`  ${action}`)];
  return { parts: ends(["  ", style.strong(keys.join(" ").padEnd(12)), " ", about], name, width) };
}

function whyLines(state: State, id: number, width: number): Line[] {
  const message = messageOf(state, id);
  if (message === undefined) return [{ parts: [`  #${id} is not loaded`] }];
  const fates = state.world.fates.get(id);
  const lines: Line[] = [...messageLines(state, message, { width, most: 4 }), { parts: [] }];
  if (fates === undefined) lines.push({ parts: ["  looking ..."] });
  else if (fates.length === 0) lines.push({ parts: ["  Nobody was meant but the person here."] });
  for (const one of fates ?? []) {
    const via: Part[] = one.via === "" ? [] : [style.faint(` by ${one.via}`)];
    lines.push({
      parts: [
        "  ",
        fateMark(one),
        " ",
        style.name(shownName(state, one.name)),
        " ",
        fateWord(one),
        ...via,
      ],
    });
    for (const text of one.hold === "" ? [] : folded(one.hold, width - 8)) {
      lines.push({ parts: ["      ", style.warn(text)] });
    }
    if (one.next !== "") lines.push({ parts: ["      next: ", style.strong(one.next)] });
  }
  return lines;
}

const tones = {
  waiting: "warn",
  running: "busy",
  done: "good",
  failed: "bad",
  "taken back": "faint",
} as const;

function allJobs(state: State, width: number): Line[] {
  if (state.jobs.length === 0) return [{ parts: ["  Nothing was done yet."] }];
  return [...state.jobs].reverse().flatMap((job) => jobLines(state, job, width));
}

/** Of what a command printed. */
const mostPrinted = 6;

function jobLines({ world }: State, job: Job, width: number): Line[] {
  const more = job.output.length - mostPrinted;
  const age = job.state === "waiting" ? "" : ageOf(job.atMs, world.nowMs);
  const head: Part[] = [
    "  ",
    style[tones[job.state]](job.state.padEnd(10)),
    " ",
    style.strong(job.label),
  ];
  return [
    { parts: fit([...head, style.faint(`  ${age}`)], width) },
    ...job.output.slice(0, mostPrinted).map((text) => ({ parts: fit(["      ", text], width) })),
    ...(more > 0 ? [{ parts: fit([style.faint(`      … ${more} more lines`)], width) }] : []),
  ];
}
