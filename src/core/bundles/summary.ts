// What a message says of the bundle that comes with it: enough to know whether to open it.
import type { BundleData } from "../events/bundle.ts";

export function withSummary(text: string, bundle: BundleData): string {
  return `${text}\n\n${summaryOf(bundle).join("\n")}`;
}

function summaryOf(bundle: BundleData): string[] {
  const { bundle_id: id, title, description } = bundle;
  return [
    `[Bundle ${id}]`,
    title,
    description,
    countsOf(bundle.refs).join(", "),
    `View bundle: hcom bundle cat ${id}`,
  ];
}

/** `2 events`, `1 file`, `3 parts of transcripts`; a range counts as one. */
export function countsOf(refs: {
  events: readonly unknown[];
  files: readonly unknown[];
  transcript: readonly unknown[];
}): string[] {
  const { events, files, transcript } = refs;
  return [
    counted(events.length, "entry of the log", "entries of the log"),
    counted(files.length, "file", "files"),
    counted(transcript.length, "part of a transcript", "parts of transcripts"),
  ];
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
