// One transcript as exchanges, and what else is wanted of its lines.
import type { TranscriptEntry } from "../../core/transcript/entry.ts";
import {
  isUnanswered,
  newReading,
  type Reading,
  type Span,
  takeEntry,
} from "../../core/transcript/exchange.ts";
import { fileSize } from "../../sys/file-find.ts";
import { readLines } from "../../sys/file-lines.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Subject } from "./subject.ts";

export interface ReadOrder {
  span: Span;
  /** Is the answer worth waiting for, where the program writes late? */
  waits: boolean;
  /** Told of each entry when it has been taken in; `line` is counted from 1. */
  heed?(entry: TranscriptEntry, line: number, reading: Reading): void;
}

const lateness = { looks: 4, everyMs: 150 };

/** Undefined when there is no such file. */
export async function readTranscriptFile(
  subject: Subject,
  tool: Tool,
  path: string,
  order: ReadOrder,
): Promise<Reading | undefined> {
  const read = await tool.transcript.entryReader?.();
  if (read === undefined) return undefined;
  const entriesOf = read({ isSubagent: subject.parent !== null });
  const reading = newReading(order.span);
  let line = 0;
  const take = (text: string) => {
    line++;
    for (const entry of entriesOf(text)) {
      takeEntry(reading, entry);
      order.heed?.(entry, line, reading);
    }
  };
  let done = await readLines(path, 0, take);
  const mayGrow = order.waits && subject.isHere && tool.transcript.isLate === true;
  for (let looks = 0; done !== undefined && mayGrow && looks < lateness.looks; looks++) {
    if (reading.current === undefined || !isUnanswered(reading.current)) break;
    await Bun.sleep(lateness.everyMs);
    if ((fileSize(path) ?? 0) > done.next) done = await readLines(path, done.next, take);
  }
  if (done === undefined) return undefined;
  take(done.rest);
  return reading;
}
