// hcom events --all: the same question to the log and to all archives.
import { listArchives, openArchived } from "../../bus/archive/archives.ts";
import type { Bus } from "../../bus/bus.ts";
import type { Question } from "../../bus/log/condition.ts";
import { queryLog } from "../../bus/log/events.ts";
import type { Call } from "../../cli/command.ts";
import { style } from "../../cli/style.ts";
import type { EventRow } from "../../core/event.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { isForPeople, printEvents } from "./print.ts";

interface Part {
  /** Name of the archive; `current` = the log that is in use. */
  source: string;
  bus: Bus;
  rows: EventRow[];
}

const current = "current";

/** The newest `last` over all of them, oldest first. */
export function printEverywhere(call: Call, bus: Bus, query: Question, last: number): number {
  const found = ask(call, bus, query, last);
  try {
    let left = last;
    const parts = found
      .map((part) => {
        const rows = part.rows.slice(Math.max(0, part.rows.length - left));
        left -= rows.length;
        return { ...part, rows };
      })
      .filter(({ rows }) => rows.length > 0)
      .reverse();
    for (const { source, bus: of, rows } of parts) {
      if (isForPeople(call)) call.out.line(style.strong(source));
      printEvents(call, of, { rows, filters: query.filters, source });
    }
    if (parts.length === 0) printEvents(call, bus, { rows: [], filters: query.filters });
    return exitCode.ok;
  } finally {
    for (const { source, bus: of } of found) if (source !== current) of[Symbol.dispose]();
  }
}

/** Newest first. Who was never there said nothing there; somebody else's slip is one everywhere. */
function ask(call: Call, bus: Bus, query: Question, last: number): Part[] {
  const found: Part[] = [];
  let refused: unknown;
  const askOne = (source: string, of: Bus): boolean => {
    try {
      found.push({ source, bus: of, rows: queryLog(of, { ...query, last }) });
      return true;
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "not_found") throw error;
      refused ??= error;
      return false;
    }
  };
  askOne(current, bus);
  for (const archive of listArchives(call.system)) {
    if (archive.problem !== undefined) {
      call.out.note(`left out: ${archive.name}: ${archive.problem}`);
      continue;
    }
    const old = openArchived(call.system, archive);
    if (!askOne(archive.name, old)) old[Symbol.dispose]();
  }
  if (found.length === 0) throw refused;
  return found;
}
