// Proposes what a bundle about an agent could point to: what was said lately, what it did, which
// files it wrote. Whoever makes the bundle chooses.
import type { EventRow } from "../../core/event.ts";
import { asObject, asText, parseJson } from "../../core/json.ts";
import { Refusal } from "../../core/refusal.ts";
import type { ShownExchange } from "../../core/transcript/show.ts";
import { findInstance, requireInstance, requireNamed } from "../agents/identity.ts";
import { stoppedByName } from "../agents/stopped.ts";
import type { Bus } from "../bus.ts";
import { latestMessages, queryLog } from "../log/events.ts";
import { readTranscript } from "../transcripts/transcript.ts";

export interface Proposal {
  /** Base name of the agent that it is about. */
  agent: string;
  transcript: { exchanges: ShownExchange[]; total: number; range: string | null; problem?: string };
  /** Oldest first. */
  events: Record<Category, EventRow[]>;
  /** Paths that it wrote, the latest first. */
  files: string[];
}

export const categories = ["messages_to", "messages_from", "file_operations", "lifecycle"] as const;
export type Category = (typeof categories)[number];

export interface Wanted {
  /** As it is written; left out: the caller. */
  agent?: string | undefined;
  /** Who asks, as `--name` says. */
  name?: string | undefined;
  lastTranscript: number;
  lastEvents: number;
}

export async function proposeBundle(bus: Bus, wanted: Wanted): Promise<Proposal> {
  const { lastEvents: last } = wanted;
  const agent = nameOf(bus, wanted);
  const wrote = queryLog(bus, { filters: { agent: [agent], file: ["*"] }, last });
  const events = {
    messages_to: latestMessages(bus, agent, last),
    messages_from: queryLog(bus, { filters: { from: [agent] }, last }),
    file_operations: wrote,
    lifecycle: queryLog(bus, { filters: { agent: [agent], type: ["life"] }, last }),
  };
  return {
    agent,
    transcript: await transcriptOf(bus, agent, wanted.lastTranscript),
    events,
    files: filesIn(wrote),
  };
}

/** Also of one that has stopped: its work is what is handed on most. */
function nameOf(bus: Bus, { agent, name }: Wanted): string {
  if (agent === undefined) return requireInstance(bus, { name }).name;
  const found = findInstance(bus, agent) ?? stoppedByName(bus, agent);
  return (found ?? requireNamed(bus, agent)).name;
}

async function transcriptOf(
  bus: Bus,
  agent: string,
  last: number,
): Promise<Proposal["transcript"]> {
  try {
    const { exchanges, total } = await readTranscript(bus, {
      ...{ agent, span: { last }, detail: "normal" },
    });
    return { exchanges, total, range: rangeOf(exchanges) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { exchanges: [], total: 0, range: null, problem: error.message };
  }
}

function rangeOf(exchanges: readonly ShownExchange[]): string | null {
  const [first, last] = [exchanges.at(0)?.position, exchanges.at(-1)?.position];
  if (first === undefined) return null;
  return first === last ? `${first}` : `${first}-${last}`;
}

function filesIn(wrote: readonly EventRow[]): string[] {
  const paths = wrote.flatMap((row) => asText(asObject(parseJson(row.data))["detail"]) ?? []);
  return [...new Set(paths.toReversed())];
}
