// Ending what has outlived its channel's time to live, when somebody asks for it. The later layouts
// of a document keep such messages as dead letters; where there is no place for them they go.
import type { Json } from "../json.ts";
import type { Expired, Expiring } from "./comm-store.ts";
import type { Entry } from "./memory-log.ts";
import { type MemoryState, outlived, removeEntries } from "./memory-state.ts";
import { laterFields } from "./snapshot.ts";
import { timestampOf } from "./timestamp.ts";

export function expire(state: MemoryState, { isDryRun = false }: Expiring): Expired[] {
  const all = [...state.channels.keys()]
    .sort((a, b) => a - b)
    .map((channel_id) => ({ channel_id, entries: outlived(state, channel_id) }))
    .filter(({ entries }) => entries.length > 0);
  if (!isDryRun) {
    for (const { entries } of all) {
      if (state.form.generation > 0) bury(state, entries);
      removeEntries(state, entries);
    }
  }
  return all.map(({ channel_id, entries }) => ({ channel_id, expired: entries.length }));
}

function bury(state: MemoryState, entries: readonly Entry[]): void {
  const there = state.rest?.["dead_letters"];
  const dead_lettered_at = timestampOf(state.deps.now());
  const letters = entries.map((entry) => ({
    original_message: wholeMessage(entry),
    reason: "Expired",
    dead_lettered_at,
    retry_count: 0,
  }));
  const known = Array.isArray(there) ? there : [];
  state.rest = { ...state.rest, dead_letters: [...known, ...letters] };
}

/** As a message stands inside of something else. */
function wholeMessage({ kept: { record, extension } }: Entry): { [field: string]: Json } {
  const { metadata_order, ...later } = extension ?? {};
  const keys = Array.isArray(metadata_order) ? metadata_order.map(String) : undefined;
  const order = keys ?? Object.keys(record.metadata);
  const metadata = order.map((key) => [key, record.metadata[key] ?? ""]);
  return { ...record, metadata, ...laterFields(record), ...later };
}
