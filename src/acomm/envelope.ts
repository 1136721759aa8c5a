// What the envelopes around a store have in common, for reading and for writing.
import type { EnvelopeKind } from "../core/channels/snapshot.ts";

export const magic = new TextEncoder().encode("ACOMM001");

/** The envelopes after the first two begin with this. */
export const shortMagic = magic.subarray(0, 4);

/** Magic, version, number of channels, number of messages. */
export const headerBytes = 24;

/** The generations that were written in an envelope; others are tried after them. */
export const usualGenerations: Readonly<Record<EnvelopeKind, readonly number[]>> = {
  E0: [0, 1, 2, 3, 4, 5, 6],
  E1: [0, 1, 2, 3, 4, 5, 6],
  E2: [6, 8, 9],
  E3: [10, 11],
  E4: [12],
};

/** Number 7 was never given to a layout of its own. */
export const generations: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12];
