// Marks and words that every view shares: no meaning by colour alone, so each mark is a sign, too.
import { heldBy, statusMark, statusTone } from "../cli/agent-row.ts";
import { type Part, style, type Tone } from "../cli/style.ts";
import { statusOnScreen } from "../core/status.ts";
import { formatAge } from "../core/time/age.ts";
import type { AgentSeen, Fate } from "./world.ts";

/** It waits for a person before it goes on. */
export function needsHuman({ hold, status }: AgentSeen): boolean {
  if (status === "blocked") return true;
  return hold !== undefined && waiting.has(hold.kind);
}

const waiting: ReadonlySet<string> = new Set(["asking", "not-launched", "failed"]);

/** The signs and words of `hcom list`. */
export function markOf({ status }: AgentSeen): Part {
  return statusMark(status);
}

export function doingOf(agent: AgentSeen): Part {
  const held = heldBy(agent.hold);
  if (held !== undefined) return style[needsHuman(agent) ? "bad" : "warn"](held);
  return style[statusTone(agent.status)](statusOnScreen(agent.description));
}

export function ageOf(sinceMs: number, nowMs: number): string {
  return formatAge((nowMs - sinceMs) / 1000);
}

const fates: Readonly<Record<string, readonly [mark: string, word: string, tone: Tone]>> = {
  stored: ["·", "waits", "warn"],
  offered: ["…", "being offered", "warn"],
  handed: ["→", "handed over", "busy"],
  in_context: ["✓", "read", "good"],
  answered: ["↩", "answered", "good"],
  expired: ["✗", "expired", "bad"],
  dead: ["✗", "cannot arrive", "bad"],
};

export function fateMark({ state, hold }: Fate): Part {
  const [mark, , tone] = fates[state] ?? ["?", state, "faint" as const];
  return style[tone](hold === "" || state === "handed" ? mark : "!");
}

export function fateWord({ state }: Fate): Part {
  const [, word, tone] = fates[state] ?? ["?", state, "faint" as const];
  return style[tone](word);
}

export function timeOf(ms: number): string {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) ? "--:--" : `${two(at.getHours())}:${two(at.getMinutes())}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
