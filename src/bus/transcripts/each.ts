// The transcripts of everybody whose program's files can be read here, each file once.
import { Refusal } from "../../core/refusal.ts";
import { findTool } from "../../tools/index.ts";
import type { Bus } from "../bus.ts";
import { type ReadOrder, readTranscriptFile } from "./read-file.ts";
import { allSubjects, pathOf, type Subject } from "./subject.ts";

export interface Choice {
  isLiveOnly: boolean;
  /** Only agents of this program. */
  tool?: string | undefined;
  /** Display name of an agent that is left out. */
  except?: string | undefined;
  /** Told why one of them is passed over: one file must not hide all others. */
  note(problem: string): void;
}

export interface Source {
  subject: Subject;
  path: string;
}

/** Calls `orderOf` for each, reads as it says, and hands over what came of it. */
export async function* eachTranscript<Order extends Omit<ReadOrder, "waits">>(
  bus: Bus,
  choice: Choice,
  orderOf: (source: Source) => Order,
) {
  const seen = new Set<string>();
  for (const subject of allSubjects(bus, choice.isLiveOnly)) {
    if (subject.isRemote || subject.shown === choice.except) continue;
    if (choice.tool !== undefined && subject.tool !== choice.tool) continue;
    const tool = await findTool(subject.tool);
    if (tool?.transcript.entryReader === undefined) continue;
    const path = await pathOf(bus, subject, tool);
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    const source = { subject, path };
    const order = orderOf(source);
    const read = readTranscriptFile(subject, tool, path, { ...order, waits: false });
    const reading = await read.catch((error: unknown) => passOver(choice, subject, error));
    if (reading !== undefined) yield { ...source, order, reading };
  }
}

function passOver(choice: Choice, { shown }: Subject, error: unknown): undefined {
  // It is no file's fault.
  if (!(error instanceof Refusal) || error.code === "slow_pattern") throw error;
  choice.note(`left out: ${shown}: ${error.message}`);
}
