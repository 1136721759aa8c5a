// One document's content taken into another one, without losing anything of either, by the rules of
// the live store (`live-merge.ts`): what says the same is the same one, and whatever else has an id
// that is taken gets a fresh one. Doing it again changes nothing.
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import type { Subscription } from "../../core/channels/comm-store.ts";
import type { Counters, Extension, Kept, Snapshot } from "../../core/channels/snapshot.ts";
import type { Tally } from "./live-merge.ts";

export interface Merged {
  snapshot: Snapshot;
  channels: Tally;
  messages: Tally;
  subscriptions: Tally;
  /** Sections for which there was no place, because the document has its own. */
  leftOut: string[];
}

export function merged(own: Snapshot, from: Snapshot): Merged {
  const next = countersAfter(own, from);
  const channels = merge(own.channels, from.channels, {
    sameness: ({ name, channel_type, created_at }) => [name, channel_type, created_at],
    fresh: () => next.channel++,
    unite: (ours, theirs) =>
      united(ours, "participants", ours.record.participants, theirs.record.participants),
  });
  const messages = merge(own.messages, inChannels(own, from, channels.ids, next), {
    sameness: (one) => [one.channel_id, one.timestamp, one.sender, one.recipient, one.content],
    fresh: () => next.message++,
    unite: (ours, theirs) =>
      united(ours, "acknowledged_by", ours.record.acknowledged_by, theirs.record.acknowledged_by),
  });
  const subscriptions = merge<Subscription>(own.subscriptions, from.subscriptions, {
    sameness: ({ topic, subscriber, created_at }) => [topic, subscriber, created_at],
    fresh: () => next.subscription++,
    unite: (ours) => ours,
  });
  const isEmpty = own.channels.length + own.messages.length + own.subscriptions.length === 0;
  return {
    snapshot: {
      form: isEmpty ? from.form : own.form,
      channels: channels.all,
      messages: withReplies(messages.all, own.messages.length, messages.ids),
      subscriptions: subscriptions.all,
      next,
      rest: isEmpty ? (from.rest ?? own.rest) : (own.rest ?? from.rest),
    },
    channels: channels.tally,
    messages: messages.tally,
    subscriptions: subscriptions.tally,
    leftOut: isEmpty || own.rest === undefined ? [] : differing(own.rest, from.rest ?? {}),
  };
}

function differing(ours: Extension, theirs: Extension): string[] {
  return Object.entries(theirs)
    .filter(([name, value]) => {
      const text = JSON.stringify(value);
      return !["null", "[]", "{}"].includes(text) && text !== JSON.stringify(ours[name]);
    })
    .map(([name]) => name);
}

/** Above all ids of both, so that a fresh one is nobody's. */
function countersAfter(own: Snapshot, from: Snapshot): Counters {
  return {
    channel: after(own.next.channel, from.next.channel, own.channels, from.channels),
    message: after(own.next.message, from.next.message, own.messages, from.messages),
    subscription: after(
      own.next.subscription,
      from.next.subscription,
      own.subscriptions,
      from.subscriptions,
    ),
  };
}

function after(ours: number, theirs: number, ...lists: readonly Kept<{ id: number }>[][]): number {
  return lists
    .flat()
    .reduce((most, { record }) => Math.max(most, record.id + 1), Math.max(ours, theirs));
}

/** Messages of a channel that their document lacks stay apart from our channels. */
function inChannels(
  own: Snapshot,
  from: Snapshot,
  ids: Map<number, number>,
  next: Counters,
): Kept<ChannelMessage>[] {
  const ours = new Set(own.channels.map(({ record }) => record.id));
  return from.messages.map((kept) => {
    const old = kept.record.channel_id;
    const id = ids.get(old) ?? (ours.has(old) ? next.channel++ : old);
    ids.set(old, id);
    return id === old ? kept : changed(kept, { ...kept.record, channel_id: id });
  });
}

interface How<Entity> {
  sameness(record: Entity): readonly unknown[];
  fresh(): number;
  unite(ours: Kept<Entity>, theirs: Kept<Entity>): Kept<Entity>;
}

function merge<Entity extends { id: number }>(
  own: readonly Kept<Entity>[],
  from: readonly Kept<Entity>[],
  how: How<Entity>,
): { all: Kept<Entity>[]; ids: Map<number, number>; tally: Tally } {
  const known = findKnown(own, from, how);
  const places = new Map(own.map(({ record }, at) => [record.id, at]));
  const taken = new Set(places.keys());
  const all = [...own];
  const ids = new Map<number, number>();
  const tally: Tally = { added: 0, known: 0, renumbered: 0 };
  for (const kept of from) {
    const old = kept.record.id;
    const at = places.get(known.get(kept) ?? Number.NaN);
    const ours = at === undefined ? undefined : all[at];
    if (at !== undefined && ours !== undefined) {
      all[at] = how.unite(ours, kept);
      ids.set(old, ours.record.id);
      tally.known++;
      continue;
    }
    const id = taken.has(old) ? how.fresh() : old;
    taken.add(id);
    ids.set(old, id);
    all.push(id === old ? kept : changed(kept, { ...kept.record, id }));
    tally[id === old ? "added" : "renumbered"]++;
  }
  return { all, ids, tally };
}

/** One of ours is never two of theirs: those of the same id find each other first. */
function findKnown<Entity extends { id: number }>(
  own: readonly Kept<Entity>[],
  from: readonly Kept<Entity>[],
  how: How<Entity>,
): Map<Kept<Entity>, number> {
  const keyOf = ({ record }: Kept<Entity>) => JSON.stringify(how.sameness(record));
  const candidates = new Map<string, Set<number>>();
  for (const kept of own) {
    const key = keyOf(kept);
    candidates.set(key, (candidates.get(key) ?? new Set()).add(kept.record.id));
  }
  const known = new Map<Kept<Entity>, number>();
  const claim = (kept: Kept<Entity>, free: Set<number> | undefined, id: number | undefined) => {
    if (id !== undefined && free?.delete(id)) known.set(kept, id);
  };
  const all = from.map((kept) => ({ kept, free: candidates.get(keyOf(kept)) }));
  for (const { kept, free } of all) claim(kept, free, kept.record.id);
  for (const { kept, free } of all) {
    if (!known.has(kept)) claim(kept, free, free && Math.min(...free));
  }
  return known;
}

function united<Entity>(
  ours: Kept<Entity>,
  field: keyof Entity,
  names: readonly string[],
  theirs: readonly string[],
): Kept<Entity> {
  const all = [...new Set([...names, ...theirs])];
  return all.length === names.length ? ours : changed(ours, { ...ours.record, [field]: all });
}

/** The bytes are those of the record as it was. */
function changed<Entity>({ extension }: Kept<Entity>, record: Entity): Kept<Entity> {
  return { record, extension };
}

/** The newer layouts name the message that is answered. */
function withReplies(
  all: readonly Kept<ChannelMessage>[],
  ours: number,
  ids: ReadonlyMap<number, number>,
): Kept<ChannelMessage>[] {
  return all.map((kept, at) => {
    const old = kept.extension?.["reply_to"];
    const id = at < ours || typeof old !== "number" ? undefined : ids.get(old);
    if (id === undefined || id === old) return kept;
    return { record: kept.record, extension: { ...kept.extension, reply_to: id } };
  });
}
