// Bundles of the log: one by its id, the newest, and those that one goes on from.
import type { EventRow } from "../../core/event.ts";
import type { BundleData, FileFacts, TranscriptRef } from "../../core/events/bundle.ts";
import { details } from "../../core/events/detail.ts";
import { asList, asNumber, asObject, asText, asTexts, parseJson } from "../../core/json.ts";
import { withinLine } from "../../core/printable.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { getEvent } from "../../store/events.ts";
import { bundleById, countBundles, newestBundles } from "../../store/query/bundles.ts";
import type { Bus } from "../bus.ts";

export interface Bundle {
  /** Of the event. */
  id: number;
  timestamp: string;
  data: BundleData;
}

/** The event's number, or the beginning of the bundle's own id. */
export function findBundle(bus: Bus, written: string): Bundle | undefined {
  const byEvent = /^\d{1,15}$/.test(written) ? getEvent(bus.db, Number(written)) : undefined;
  if (byEvent?.type === "bundle") return bundleOf(byEvent);
  const [, digits] = /^(?:bundle:)?([0-9a-f]{1,8})$/i.exec(written) ?? [];
  const row =
    digits === undefined ? undefined : bundleById(bus.db, `bundle:${digits.toLowerCase()}`);
  return row === undefined ? undefined : bundleOf(row);
}

export function requireBundle(bus: Bus, written: string): Bundle {
  const found = findBundle(bus, written);
  if (found !== undefined) return found;
  throw new Refusal({
    code: "not_found",
    exit: exitCode.notFound,
    message: `there is no bundle "${written}"`,
    hint: "all of them: hcom bundle list",
  });
}

/** Newest first. */
export function listBundles(bus: Bus, last: number): { bundles: Bundle[]; total: number } {
  return { bundles: newestBundles(bus.db, last).map(bundleOf), total: countBundles(bus.db) };
}

export interface Chain {
  /** The bundle itself, then what it goes on from, step by step. */
  bundles: Bundle[];
  /** Named as the next one, and not here. */
  missing: string | undefined;
}

export function chainOf(bus: Bus, first: Bundle): Chain {
  const bundles = [first];
  const seen = new Set([first.id]);
  for (let at = first; ; ) {
    const parent = at.data.extends;
    if (parent === undefined) return { bundles, missing: undefined };
    const next = findBundle(bus, parent);
    if (next === undefined) return { bundles, missing: parent };
    // Whoever wrote it may have made a circle.
    if (seen.has(next.id)) return { bundles, missing: undefined };
    seen.add(next.id);
    bundles.push(next);
    at = next;
  }
}

/** Other programs write bundles, too: what is no bundle's is left out. */
function bundleOf(row: EventRow): Bundle {
  const data = asObject(parseJson(row.data));
  const refs = asObject(data["refs"]);
  const parent = asLine(data["extends"]);
  const facts = asList(data["file_facts"]).flatMap(factsOf);
  const relay = asObject(data["_relay"]);
  const [device, short, id] = [
    asText(relay["device"]),
    asText(relay["short"]),
    asNumber(relay["id"]),
  ];
  return {
    id: row.id,
    timestamp: row.timestamp,
    data: {
      bundle_id: asLine(data["bundle_id"]) ?? `event ${row.id}`,
      title: asLine(data["title"]) ?? "",
      description: asText(data["description"]) ?? "",
      refs: {
        events: asList(refs["events"]).map((one) => withinLine(String(one))),
        files: asTexts(refs["files"]),
        transcript: asList(refs["transcript"]).flatMap(transcriptOf),
      },
      created_by: asLine(data["created_by"]) ?? row.instance,
      ...(parent === undefined ? {} : { extends: parent }),
      ...(facts.length === 0 ? {} : { file_facts: facts }),
      ...(device === undefined || short === undefined || id === undefined
        ? {}
        : { _relay: { device, short, id } }),
    },
  };
}

/** What is shown on a line of ours stays on it. A path is one where it is printed, not before. */
function asLine(value: unknown): string | undefined {
  const text = asText(value);
  return text === undefined ? undefined : withinLine(text);
}

function transcriptOf(value: unknown): TranscriptRef[] {
  const [ofText, asWritten] = typeof value === "string" ? value.split(":") : [];
  const found = asObject(value);
  const range = asLine(ofText ?? found["range"]);
  if (range === undefined) return [];
  const detail = details.find((one) => one === (asWritten ?? found["detail"])) ?? "normal";
  const [note, agent, session] = ["note", "agent", "session"].map((key) => asLine(found[key]));
  return [
    {
      range,
      detail,
      ...(note === undefined ? {} : { note }),
      ...(agent === undefined ? {} : { agent }),
      ...(session === undefined ? {} : { session }),
    },
  ];
}

function factsOf(value: unknown): FileFacts[] {
  const found = asObject(value);
  const [ref, path] = [asText(found["ref"]), asText(found["path"])];
  if (ref === undefined || path === undefined) return [];
  const [sha256, excerpt] = [asLine(found["sha256"]), asText(found["excerpt"])];
  const bytes = asNumber(found["bytes"]);
  return [
    {
      ...{ ref, path },
      ...(bytes === undefined ? {} : { bytes }),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(excerpt === undefined ? {} : { excerpt }),
    },
  ];
}
