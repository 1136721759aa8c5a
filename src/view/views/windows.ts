// What lies over a view for a moment: every key, the fate of a message, the jobs.
import { type Part, style } from "../../cli/style.ts";
import { titleOf } from "../around.ts";
import { type Binding, helpOf } from "../keys/keys.ts";
import { ends, fit, folded, type Line } from "../line.ts";
import { ageOf, fateMark, fateWord } from "../marks.ts";
import { messageOf, shownName } from "../rows.ts";
import type { Job, State } from "../state.ts";
import { filled } from "../window.ts";
import { messageLines } from "./talk.ts";

/** Made from the key table: what works in the view first, then what works everywhere. */
export function showHelp(state: State, at: number, width: number, height: number): Line[] {
  const { own, everywhere } = helpOf(state.keys, state.view);
  const rows: Line[] = [
    { parts: fit([" ", style.strong(`In ${titleOf(state.view)}`)], width) },
    ...own.map((one) => keyLine(one, width)),
    { parts: fit([" ", style.strong("Everywhere")], width) },
    ...everywhere.map((one) => keyLine(one, width)),
    { parts: fit([" ", style.strong("Signs")], width) },
    { parts: fit(["  ■ needs you   ▶ works   ◉ listens   ○ rests   +2 unread"], width) },
    { parts: fit(["  · waits   … offered   → handed over   ✓ read   ↩ answered   ✗ lost"], width) },
  ];
  const top = Math.max(0, Math.min(at, rows.length - height));
  return filled(rows.slice(top), height, width);
}

function keyLine({ keys, about, action }: Binding, width: number): Line {
  const name = width < 70 ? [] : [style.faint(`  ${action}`)];
  return { parts: ends(["  ", style.strong(keys.join(" ").padEnd(12)), " ", about], name, width) };
}

export function showWhy(state: State, id: number, width: number, height: number): Line[] {
  const message = messageOf(state, id);
  if (message === undefined) return filled([{ parts: [`  #${id} is not loaded`] }], height, width);
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
  return filled(lines, height, width);
}

const tones = {
  waiting: "warn",
  running: "busy",
  done: "good",
  failed: "bad",
  "taken back": "faint",
} as const;

export function showJobs(state: State, width: number, height: number): Line[] {
  if (state.jobs.length === 0)
    return filled([{ parts: ["  Nothing was done yet."] }], height, width);
  const lines = [...state.jobs].reverse().flatMap((job) => jobLines(state, job, width));
  return filled(lines, height, width);
}

function jobLines({ world }: State, job: Job, width: number): Line[] {
  const age = job.state === "waiting" ? "" : ageOf(job.atMs, world.nowMs);
  const head: Part[] = [
    "  ",
    style[tones[job.state]](job.state.padEnd(10)),
    " ",
    style.strong(job.label),
  ];
  return [
    { parts: fit([...head, style.faint(`  ${age}`)], width) },
    ...job.output.slice(0, 6).map((text) => ({ parts: fit(["      ", text], width) })),
  ];
}
