// Makes a bundle out of what somebody wrote: names become those of the log, and of each file is
// noted what it is now, so that a reader sees whether it has changed since.
import { type BundleDraft, parseEvents, readBundle } from "../../core/bundles/draft.ts";
import type { BundleData, TranscriptRef } from "../../core/events/bundle.ts";
import { human } from "../../core/instance.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { eventsBetween } from "../../store/query/bundles.ts";
import { findInstance, type Identity } from "../agents/identity.ts";
import { stoppedByName } from "../agents/stopped.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";
import { factsOf } from "./files.ts";
import { findBundle } from "./find.ts";

export interface Made {
  data: BundleData;
  /** What its readers will not find; none of it keeps a bundle from being made. */
  warnings: string[];
}

/** Nothing is stored yet. */
export function makeBundle(bus: Bus, creator: Identity, written: unknown): Made {
  const draft = readBundle(written);
  const warnings: string[] = [];
  const note = (warning: string) => void warnings.push(warning);
  const parent = parentOf(bus, draft, note);
  for (const ref of draft.refs.events) {
    const range = parseEvents(ref);
    if (range !== undefined && eventsBetween(bus.db, { ...range, limit: 1 }).length === 0) {
      note(`${ref}: nothing of it is in the log`);
    }
  }
  const data: BundleData = {
    bundle_id: `bundle:${bus.system.uuid().slice(0, 8)}`,
    title: draft.title,
    description: draft.description,
    refs: {
      ...draft.refs,
      transcript: draft.refs.transcript.map((ref) => transcriptOf(bus, creator, ref)),
    },
    ...(parent === undefined ? {} : { extends: parent }),
    created_by: creatorOf(creator),
    file_facts: factsOf(bus, draft.refs.files, note),
  };
  return { data, warnings };
}

/** Returns the event's id. */
export function storeBundle(bus: Bus, creator: Identity, data: BundleData): number {
  const name = creatorOf(creator);
  const instance = creator.kind === "instance" ? name : `ext_${name}`;
  return bus.db.write(() => append(bus, { type: "bundle", instance, data }));
}

function creatorOf(creator: Identity): string {
  return creator.kind === "none" ? human : creator.name;
}

function parentOf(
  bus: Bus,
  { extends: written }: BundleDraft,
  note: (warning: string) => void,
): string | undefined {
  if (written === undefined) return undefined;
  const found = findBundle(bus, written);
  if (found !== undefined) return found.data.bundle_id;
  note(`there is no bundle ${written} to go on from`);
  return written;
}

/** Whose transcript, by the name in the log, and which conversation of that one. */
function transcriptOf(bus: Bus, creator: Identity, ref: TranscriptRef): TranscriptRef {
  const written = ref.agent ?? (creator.kind === "instance" ? creator.name : undefined);
  if (written === undefined) {
    throw new Refusal({
      code: "invalid_bundle",
      exit: exitCode.usage,
      message: `whose transcript? ${creatorOf(creator)} has none`,
      hint: `name the agent: --transcript NAME:${ref.range}:${ref.detail}`,
    });
  }
  const found = findInstance(bus, written) ?? stoppedByName(bus, written);
  if (found === undefined) {
    throw new Refusal({
      code: "not_found",
      exit: exitCode.notFound,
      message: `a transcript of "${written}": no agent of that name was ever here`,
      hint: "who is here: hcom list; who was: hcom list --stopped",
    });
  }
  const { session_id: session } = found;
  return { ...ref, agent: found.name, ...(session === null ? {} : { session }) };
}
