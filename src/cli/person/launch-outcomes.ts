// How the agents of a launch got on, in words and as an exit code: `hcom TOOL` and `events launch`.
import type { Bus } from "../../bus/bus.ts";
import { displayNames } from "../../bus/display-names.ts";
import type { BatchMember } from "../../bus/life/batch.ts";
import { exitCode } from "../../core/refusal.ts";
import type { Call } from "../command.ts";

/** Still starting, or waiting for a person. */
const notYet = 2;

export function codeOf(members: readonly BatchMember[]): number {
  const states = new Set(members.map(({ state }) => state));
  if (states.has("failed")) return exitCode.error;
  return states.has("starting") || states.has("blocked") ? notYet : exitCode.ok;
}

/** What was on a screen that tells why is quoted, because nobody may be looking at it. */
export function sayOutcomes({ out }: Call, bus: Bus, all: readonly BatchMember[]): void {
  const shown = displayNames(bus);
  const members = all.map((one) => ({ ...one, name: shown(one.name) }));
  const named = (state: BatchMember["state"]) => members.filter((one) => one.state === state);
  const names = (some: readonly BatchMember[]) => some.map(({ name }) => name).join(" ");
  const ready = named("ready");
  if (ready.length > 0) out.line(`Ready: ${names(ready)}`);
  for (const { name, detail } of named("failed")) {
    const [first = "", ...more] = linesOf(detail);
    out.note(`failed: ${name}: ${first}`);
    for (const line of more) out.note(`  | ${line}`);
  }
  for (const { name, detail } of named("blocked")) {
    out.note(`${name} asks its person something: hcom term ${name}`);
    for (const line of linesOf(detail)) out.note(`  | ${line}`);
  }
  const starting = named("starting");
  if (starting.length > 0) out.note(`still starting: ${names(starting)} (see: hcom list)`);
}

function linesOf(detail: string): string[] {
  return detail
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "");
}
