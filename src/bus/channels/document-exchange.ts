// Whole stores between documents and any other store: import and export.
import { lossesOf } from "../../acomm/losses.ts";
import type { Tally } from "../../core/channels/merging.ts";
import type { Form, Snapshot } from "../../core/channels/snapshot.ts";
import { Refusal } from "../../core/refusal.ts";
import { fileExists } from "../../sys/files.ts";
import type { System } from "../../sys/system.ts";
import type { StoreLocation } from "./access.ts";
import { openDocument } from "./document.ts";
import { isOneFile } from "./document-file.ts";
import { merged } from "./document-merge.ts";
import type { ImportReport } from "./spaces.ts";

/** How many there are of each kind. */
export interface Counts {
  channels: number;
  messages: number;
  subscriptions: number;
}

/** All that was in the file, and what became of it. */
export interface Taken extends Counts {
  added: Counts;
  known: Counts;
  renumbered: Counts;
  /** Sections for which there was no place. */
  leftOut: string[];
}

/** Takes all of a file in; nothing of what the store has already is lost, and nothing doubled. */
export async function importDocument(
  system: System,
  given: { file: string; into: StoreLocation },
): Promise<Taken> {
  if (!fileExists(given.file)) {
    throw new Refusal({
      code: "io_error",
      message: "IO error: No such file or directory (os error 2)",
    });
  }
  using source = openDocument(system, given.file);
  const snapshot = await source.snapshot();
  const report =
    given.into.kind === "document"
      ? await intoDocument(system, given.into.path, snapshot)
      : await intoBus(system, given.into.space, { snapshot, origin: given.file });
  const counted = (kind: keyof Tally): Counts => ({
    channels: report.channels[kind],
    messages: report.messages[kind],
    subscriptions: report.subscriptions[kind],
  });
  return {
    ...countsOf(snapshot),
    added: counted("added"),
    known: counted("known"),
    renumbered: counted("renumbered"),
    leftOut: report.leftOut,
  };
}

async function intoBus(
  system: System,
  space: string,
  given: { snapshot: Snapshot; origin: string },
): Promise<ImportReport> {
  const { importIntoBus } = await import("./open-bus-store.ts");
  return importIntoBus(system, space, given);
}

async function intoDocument(system: System, path: string, from: Snapshot): Promise<ImportReport> {
  using target = openDocument(system, path);
  const whole = await target.replace((own) => merged(own, from));
  const { channels, messages, subscriptions, leftOut } = whole;
  const lost = lossesOf(from, whole.snapshot.form);
  return { channels, messages, subscriptions, leftOut: [...leftOut, ...lost] };
}

/** Writes all there is to a file; `lost` says what its form has no place for. */
export async function exportDocument(
  system: System,
  given: { from: StoreLocation; file: string; form?: Form | undefined; isForced: boolean },
): Promise<Counts & { lost: string[] }> {
  const checkFree = () => {
    if (given.isForced || !fileExists(given.file)) return;
    throw new Refusal({
      code: "file_exists",
      message: `${given.file} exists already; --force replaces it`,
    });
  };
  checkFree();
  const other = isSameFile(given.from, given.file)
    ? undefined
    : await snapshotOf(system, given.from);
  using target = openDocument(system, given.file);
  const change = (own: Snapshot) => {
    // Somebody else may have been faster, and what has come since then is part of the store.
    checkFree();
    const snapshot = other ?? own;
    return { snapshot, form: given.form ?? snapshot.form };
  };
  const { snapshot, form } = await target.replace(change);
  return { ...countsOf(snapshot), lost: lossesOf(snapshot, form) };
}

/** Then it must be read when nobody else can change it any more. */
function isSameFile(from: StoreLocation, file: string): boolean {
  return from.kind === "document" && isOneFile(from.path, file);
}

async function snapshotOf(system: System, from: StoreLocation): Promise<Snapshot> {
  if (from.kind === "bus") {
    const { exportFromBus } = await import("./open-bus-store.ts");
    return exportFromBus(system, from.space);
  }
  using source = openDocument(system, from.path);
  return await source.snapshot();
}

function countsOf(snapshot: Snapshot): Counts {
  return {
    channels: snapshot.channels.length,
    messages: snapshot.messages.length,
    subscriptions: snapshot.subscriptions.length,
  };
}
