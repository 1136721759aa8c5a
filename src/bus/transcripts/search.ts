// Where in the conversations of agents something was said or done.
import { exitCode, Refusal } from "../../core/refusal.ts";
import type { TranscriptEntry } from "../../core/transcript/entry.ts";
import { excerpt } from "../../core/transcript/excerpt.ts";
import type { Bus } from "../bus.ts";
import { type Choice, eachTranscript } from "./each.ts";

export interface Hit {
  /** Display name. */
  hcom_name: string;
  /** The program that it runs in. */
  agent: string;
  path: string;
  /** Of the file, counted from 1. */
  line: number;
  /** The exchange that it is in. */
  position: number;
  timestamp: string | null;
  /** What stands around the first match. */
  text: string;
  /** How often it matches there. */
  matches: number;
  session_id: string | null;
}

export interface Found {
  /** How many there are in all. */
  count: number;
  /** Newest first. */
  results: Hit[];
}

const excerptLength = 160;

export async function searchTranscripts(
  bus: Bus,
  order: Choice & {
    pattern: string;
    limit: number;
    /** Called before and after a text is looked through. */
    beat?(): void;
  },
): Promise<Found> {
  const wanted = compiled(order.pattern);
  const hits: Hit[] = [];
  let count = 0;
  const transcripts = eachTranscript(bus, order, ({ subject, path }) => {
    // The last ones of each file can be among the newest of all: no more is held.
    const own: Hit[] = [];
    return {
      span: { last: 1 },
      heed(entry, line, { current }) {
        order.beat?.();
        const seen = inTime(wanted, entry);
        order.beat?.();
        if (seen === undefined) return;
        count++;
        own.push({
          ...{ hcom_name: subject.shown, agent: subject.tool, path, line },
          position: current?.position ?? 0,
          timestamp: current === undefined || current.timestamp === "" ? null : current.timestamp,
          ...seen,
          session_id: subject.session,
        });
        if (own.length > order.limit) own.shift();
      },
      own,
    };
  });
  for await (const { order: read } of transcripts) hits.push(...read.own);
  return { count, results: hits.sort(newestFirst).slice(0, order.limit) };
}

function compiled(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "g");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal({
      code: "invalid_pattern",
      exit: exitCode.usage,
      message: `"${pattern}" is no regular expression: ${reason}`,
      hint: "a character that has a meaning there is written with a backslash before it, like \\(",
    });
  }
}

/**
 * The runtime gives up on what it has tried for very long, and says that there is no match: that
 * would be a lie, and at a second for each text there would be no end. A sound expression goes
 * through a thousand times as much in that time. Whatever else the machine did meanwhile, it does
 * not do twice in a row.
 */
const slow = { ms: 50, charactersPerMs: 1000 };

function inTime(wanted: RegExp, entry: TranscriptEntry): ReturnType<typeof lookInto> {
  for (let tries = 0; ; tries++) {
    const startedAt = performance.now();
    const seen = lookInto(entry, wanted);
    const took = performance.now() - startedAt;
    if (took < slow.ms || lengthOf(entry) / took > slow.charactersPerMs) return seen;
    if (tries > 0) throw tooSlow(wanted.source);
  }
}

function lengthOf(entry: TranscriptEntry): number {
  return textsOf(entry).reduce((sum, text) => sum + text.length, 0);
}

export function tooSlow(pattern: string): Refusal {
  return new Refusal({
    code: "slow_pattern",
    exit: exitCode.error,
    message: `"${pattern}" takes too long: there are too many ways in which it could match`,
    hint: "a repetition inside of a repetition, as in (a+)+, tries every way to divide the text",
  });
}

function lookInto(entry: TranscriptEntry, wanted: RegExp) {
  let first: string | undefined;
  let matches = 0;
  for (const text of textsOf(entry)) {
    for (const match of text.matchAll(wanted)) {
      // An empty match is everywhere and shows nothing.
      if (match[0] === "") continue;
      first ??= excerpt(text, match.index, match[0].length, excerptLength);
      matches++;
    }
  }
  return first === undefined ? undefined : { text: first, matches };
}

function textsOf(entry: TranscriptEntry): string[] {
  if (entry.kind === "result") return [entry.output];
  if (entry.kind === "usage") return [];
  if (entry.kind !== "action") return [entry.text];
  const { name, command = "", file = "", edits = [] } = entry.does;
  return [name, command, file, ...edits.map((edit) => edit.diff)];
}

function newestFirst(one: Hit, other: Hit): number {
  return timeOf(other) - timeOf(one) || other.line - one.line;
}

function timeOf({ timestamp }: Hit): number {
  return Date.parse(timestamp ?? "") || 0;
}
