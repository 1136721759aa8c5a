// Messages in the order of (time, id), as the memory keeps them: one such log for each channel and
// one for all. Mail arrives in order unless a clock went back, so a log is sorted when it is read.
import type { ChannelMessage } from "./channel-message.ts";
import { idOf, type Kept } from "./snapshot.ts";
import type { Moment } from "./timestamp.ts";

export interface Entry extends Moment {
  /** Never changed in place: a snapshot that was taken holds it too. */
  kept: Kept<ChannelMessage>;
  /** Swept, and still in a log until that is tidied. */
  isGone: boolean;
}

export interface MessageLog {
  entries: Entry[];
  isOrdered: boolean;
  /** How many of the entries are gone. */
  gone: number;
}

export function emptyLog(): MessageLog {
  return { entries: [], isOrdered: true, gone: 0 };
}

export function append(log: MessageLog, entry: Entry): void {
  const last = log.entries.at(-1);
  if (last !== undefined && compare(last, entry) > 0) log.isOrdered = false;
  log.entries.push(entry);
}

/** Oldest first. Entries that are gone may still be among them. */
export function ordered(log: MessageLog): readonly Entry[] {
  if (!log.isOrdered || log.gone * 2 > log.entries.length) {
    log.entries = log.entries.filter((entry) => !entry.isGone);
    log.gone = 0;
    if (!log.isOrdered) log.entries.sort(compare);
    log.isOrdered = true;
  }
  return log.entries;
}

/** The index of the first entry at that time or later. */
export function firstFrom(entries: readonly Entry[], moment: Moment): number {
  return firstWhere(entries, (entry) => compareMoments(entry, moment) >= 0);
}

/** The index of the first entry later than that. */
export function firstAfter(entries: readonly Entry[], moment: Moment): number {
  return firstWhere(entries, (entry) => compareMoments(entry, moment) > 0);
}

function compareMoments(a: Moment, b: Moment): number {
  return a.ms - b.ms || a.nanos - b.nanos;
}

function compare(a: Entry, b: Entry): number {
  return a.ms - b.ms || a.nanos - b.nanos || idOf(a.kept) - idOf(b.kept);
}

function firstWhere(entries: readonly Entry[], isThere: (entry: Entry) => boolean): number {
  let from = 0;
  let to = entries.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const entry = entries[middle];
    if (entry === undefined || isThere(entry)) to = middle;
    else from = middle + 1;
  }
  return from;
}
