// What a bundle points to, fetched: the state of its files, the parts of transcripts, the events.
import { parseEvents } from "../../core/bundles/draft.ts";
import type { EventRow } from "../../core/event.ts";
import type { FileFacts, TranscriptRef } from "../../core/events/bundle.ts";
import { Refusal } from "../../core/refusal.ts";
import { parseSpan } from "../../core/transcript/exchange.ts";
import { getEvent } from "../../store/events.ts";
import { eventsBetween } from "../../store/query/bundles.ts";
import { localEvents } from "../../store/relay/origins.ts";
import type { Bus } from "../bus.ts";
import { subjectOf } from "../transcripts/subject.ts";
import { readTranscript, type Transcript } from "../transcripts/transcript.ts";
import { absolute, type FileState, stateOf } from "./files.ts";
import type { Bundle } from "./find.ts";

export interface Expansion {
  /** `elsewhere`: it is a file of another device. */
  files: (FileFacts & { state: FileState | "elsewhere" })[];
  transcript: (TranscriptRef & { agent: string; transcript?: Transcript; problem?: string })[];
  events: { ref: string; rows: EventRow[]; problem?: string }[];
}

/** Whatever cannot be fetched says why; the rest is there. */
export async function expandBundle(bus: Bus, bundle: Bundle): Promise<Expansion> {
  const { refs } = bundle.data;
  const transcript = [];
  for (const ref of refs.transcript) transcript.push(await readPart(bus, bundle, ref));
  return {
    files: refs.files.map((ref) => fileOf(bus, bundle, ref)),
    transcript,
    events: refs.events.map((ref) => eventsOf(bus, bundle, ref)),
  };
}

function fileOf(bus: Bus, { data }: Bundle, ref: string): Expansion["files"][number] {
  const noted = data.file_facts?.find((one) => one.ref === ref);
  const facts = noted ?? { ref, path: absolute(bus, ref) };
  return { ...facts, state: data._relay === undefined ? stateOf(bus, facts) : "elsewhere" };
}

async function readPart(
  bus: Bus,
  { data }: Bundle,
  ref: TranscriptRef,
): Promise<Expansion["transcript"][number]> {
  const device = data._relay?.short;
  const name = ref.agent ?? data.created_by;
  const agent = device === undefined ? name : `${name}:${device}`;
  try {
    const { session } = subjectOf(bus, { agent });
    if (ref.session !== undefined && session !== null && session !== ref.session) {
      return { ...ref, agent, problem: `${agent} has begun another conversation since` };
    }
    const order = { agent, span: parseSpan(ref.range), detail: ref.detail };
    return { ...ref, agent, transcript: await readTranscript(bus, order) };
  } catch (error) {
    if (error instanceof Refusal) return { ...ref, agent, problem: error.message };
    throw error;
  }
}

const mostOfRange = 100;

function eventsOf(bus: Bus, { data }: Bundle, ref: string): Expansion["events"][number] {
  const range = parseEvents(ref);
  if (range === undefined) return { ref, rows: [], problem: "is no range of events" };
  const wanted = { ...range, limit: mostOfRange + 1 };
  const found =
    data._relay === undefined
      ? eventsBetween(bus.db, wanted)
      : localEvents(bus.db, data._relay.device, wanted).flatMap((id) => getEvent(bus.db, id) ?? []);
  const rows = found.slice(0, mostOfRange);
  if (rows.length === 0) return { ref, rows, problem: "nothing of it is in the log here" };
  if (rows.length === found.length) return { ref, rows };
  const query = `id BETWEEN ${range.from} AND ${range.to}`;
  const problem = `the first ${mostOfRange}; more: hcom events --sql '${query}'`;
  return { ref, rows, problem };
}
