// Marks and words that every view shares: no meaning by colour alone, so each mark is a sign, too.
import { statusTone } from "../cli/agent-row.ts";
import { type Part, style, type Tone } from "../cli/style.ts";
import { formatAge } from "../core/age.ts";
import { statusIcon } from "../core/status.ts";
import type { AgentSeen, Fate } from "./world.ts";

/** It waits for a person before it goes on. */
export function needsHuman({ hold, status }: AgentSeen): boolean {
  if (status === "blocked") return true;
  return hold !== undefined && waiting.has(hold.kind);
}

const waiting: ReadonlySet<string> = new Set(["asking", "not-launched", "failed"]);

export function markOf(agent: AgentSeen): Part {
  if (needsHuman(agent)) return style.bad("!");
  return style[statusTone(agent.status)](statusIcon(agent.status));
}

export function doingOf(agent: AgentSeen): Part {
  const { hold } = agent;
  const isTelling = hold !== undefined && !passing.has(hold.kind);
  if (isTelling) return style[needsHuman(agent) ? "bad" : "warn"](hold.text.replace(/^it /, ""));
  return style[statusTone(agent.status)](agent.description);
}

const passing: ReadonlySet<string> = new Set([
  ...["busy", "listening", "launching", "gone", "unreachable"],
]);

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
