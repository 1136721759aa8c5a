// One transcript as exchanges, and what else is wanted of its lines. Of a large file only the part
// is read that holds the exchanges; those before it are counted by the lines that begin them.

import { Refusal } from "../../core/refusal.ts";
import type { TranscriptEntry } from "../../core/transcript/entry.ts";
import {
  isUnanswered,
  newReading,
  type Reading,
  type Span,
  takeEntry,
} from "../../core/transcript/exchange.ts";
import type { LineMarks } from "../../core/transcript/line-marks.ts";
import type { EntryReader } from "../../core/transcript/reader.ts";
import { readConversation } from "../../store/foreign/conversation.ts";
import { fileSize } from "../../sys/file-find.ts";
import { type LinesRead, readLines } from "../../sys/file-lines.ts";
import { readAnyLines } from "../../sys/reading/any-lines.ts";
import { findLines } from "../../sys/reading/find-lines.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Subject } from "./subject.ts";

export interface ReadOrder {
  span: Span;
  /** Is the answer worth waiting for, where the program writes late? */
  waits: boolean;
  /** All is read, whatever the span: something is counted over the whole of it. */
  isWhole?: true;
  /** Refused as `large_transcript` when more than this would be read. */
  mostBytes?: number | undefined;
  /** Told of each entry when it has been taken in; `line` is counted from 1. */
  heed?(entry: TranscriptEntry, line: number, reading: Reading): void;
}

const lateness = { looks: 4, everyMs: 150 };

/** Smaller files are read as a whole: that takes no time. */
export const largeBytes = 4 << 20;

/** Undefined when there is no such file. */
export async function readTranscriptFile(
  subject: Subject,
  tool: Tool,
  path: string,
  order: ReadOrder,
): Promise<Reading | undefined> {
  const read = await tool.transcript.entryReader?.();
  if (read === undefined) return undefined;
  const isSubagent = subject.parent !== null;
  const { begins } = tool.transcript;
  const isWhole = order.isWhole === true || order.heed !== undefined || !path.endsWith(".jsonl");
  const isLarge = !isWhole && (fileSize(path) ?? 0) > largeBytes;
  const skipped =
    begins !== undefined && isLarge
      ? skipTo(path, order.span, { begins, entriesOf: read({ isSubagent }) })
      : undefined;
  const entriesOf = read({ isSubagent });
  const reading = newReading(order.span);
  reading.total = skipped?.exchanges ?? 0;
  let [line, bytes] = [0, 0];
  const mostBytes = order.mostBytes ?? Number.POSITIVE_INFINITY;
  if (!path.endsWith(".db") && (fileSize(path) ?? 0) > mostBytes) throw tooLarge(subject);
  const take = (text: string) => {
    line++;
    bytes += text.length;
    if (bytes > mostBytes) throw tooLarge(subject);
    if (isCutOff(text)) reading.unreadable++;
    for (const entry of entriesOf(text)) {
      takeEntry(reading, entry);
      order.heed?.(entry, line, reading);
    }
  };
  let done =
    skipped === undefined
      ? await wholeOf(path, subject, reading, take)
      : await readLines(path, skipped.bytes, take);
  const mayGrow = order.waits && subject.isHere && tool.transcript.isLate === true;
  for (let looks = 0; done !== undefined && mayGrow && looks < lateness.looks; looks++) {
    if (reading.current === undefined || !isUnanswered(reading.current)) break;
    await Bun.sleep(lateness.everyMs);
    if ((fileSize(path) ?? 0) > done.next) done = await readLines(path, done.next, take);
  }
  if (done === undefined) return undefined;
  // It may be that it is being written right now.
  const { unreadable } = reading;
  take(done.rest);
  reading.unreadable = unreadable;
  return reading;
}

function tooLarge({ shown }: Subject): Refusal {
  return new Refusal({
    code: "large_transcript",
    message: `the transcript of ${shown} is too large to be read by the way`,
    hint: `what it took: hcom list ${shown} usage`,
  });
}

async function wholeOf(
  path: string,
  { session }: Subject,
  reading: Reading,
  take: (line: string) => void,
): Promise<LinesRead | undefined> {
  if (!path.endsWith(".db")) return await readAnyLines(path, take);
  const broken = readConversation(path, session ?? "", take);
  if (broken === undefined) return undefined;
  reading.unreadable += broken;
  return { next: 0, rest: "" };
}

/** A line holds an object, and nobody goes on with one that has ended before it. */
function isCutOff(line: string): boolean {
  const end = line.trimEnd();
  return end !== "" && !end.endsWith("}");
}

interface Skipped {
  /** How many exchanges stand before the place. */
  exchanges: number;
  /** The place: where the line begins that begins the next one. */
  bytes: number;
}

/** Where the first wanted exchange begins; undefined where the file has to be read whole. */
function skipTo(
  path: string,
  span: Span,
  { begins, entriesOf }: { begins: LineMarks; entriesOf: ReturnType<EntryReader> },
): Skipped | undefined {
  const reading = newReading({ last: 1 });
  const mostKept = "last" in span ? span.last : 1;
  let kept: Skipped[] = [];
  let wanted: Skipped | undefined;
  try {
    findLines(
      path,
      begins,
      ({ text, at }) => {
        // One line may begin several: all of them are read again.
        const place = { exchanges: reading.total, bytes: at };
        for (const entry of entriesOf(text)) takeEntry(reading, entry);
        if (reading.total === place.exchanges) return;
        if ("last" in span) {
          kept.push(place);
          if (kept.length > 2 * mostKept) kept = kept.slice(-mostKept);
        } else if (place.exchanges < span.from) wanted = place;
      },
      // Whatever the agent does before the first prompt is an exchange, too.
      () => reading.total === 0,
    );
  } catch {
    return undefined;
  }
  return "last" in span ? kept.at(-mostKept) : wanted;
}
