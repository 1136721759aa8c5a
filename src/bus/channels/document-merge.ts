// One document's content taken into another one, without losing anything of either, by the rules of
// the live store (`live-merge.ts`): what says the same is the same one, and whatever else has an id
// that is taken gets a fresh one. Doing it again changes nothing.
import { lossesOf } from "../../acomm/losses.ts";
import type { Channel } from "../../core/channels/channel.ts";
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import type { Subscription } from "../../core/channels/comm-store.ts";
import {
  findKnown,
  idsBySameness,
  samenessOf,
  sectionsBeyond,
  type Tally,
  withReply,
} from "../../core/channels/merging.ts";
import {
  acknowledgedIn,
  type Counters,
  type Kept,
  type Snapshot,
  seedForm,
} from "../../core/channels/snapshot.ts";

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
  const channels = merge<Channel>(own.channels, from.channels, {
    sameness: samenessOf.channel,
    fresh: () => next.channel++,
    unite: (ours, theirs) =>
      united(ours, "participants", ours.record.participants, theirs.record.participants),
  });
  const messages = merge<ChannelMessage>(own.messages, inChannels(own, from, channels.ids, next), {
    sameness: samenessOf.message,
    fresh: () => next.message++,
    unite(ours, theirs) {
      const names = ours.record.acknowledged_by;
      const both = united(ours, "acknowledged_by", names, theirs.record.acknowledged_by);
      return both === ours ? ours : { ...both, extension: acknowledgedIn(both.extension) };
    },
  });
  const subscriptions = merge<Subscription>(own.subscriptions, from.subscriptions, {
    sameness: samenessOf.subscription,
    fresh: () => next.subscription++,
    unite: (ours) => ours,
  });
  const isEmpty = isBlank(own);
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
    leftOut: isEmpty || own.rest === undefined ? [] : sectionsBeyond(own.rest, from.rest ?? {}),
  };
}

/** Nothing is in it that the first layout could not hold: it may take any other one's form. */
function isBlank(own: Snapshot): boolean {
  const records = own.channels.length + own.messages.length + own.subscriptions.length;
  return records === 0 && lossesOf(own, seedForm).length === 0;
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
  sameness(record: Entity): string;
  fresh(): number;
  unite(ours: Kept<Entity>, theirs: Kept<Entity>): Kept<Entity>;
}

function merge<Entity extends { id: number }>(
  own: readonly Kept<Entity>[],
  from: readonly Kept<Entity>[],
  how: How<Entity>,
): { all: Kept<Entity>[]; ids: Map<number, number>; tally: Tally } {
  const known = findKnown(from, idsBySameness(own, how.sameness), how.sameness);
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

function withReplies(
  all: readonly Kept<ChannelMessage>[],
  ours: number,
  ids: ReadonlyMap<number, number>,
): Kept<ChannelMessage>[] {
  return all.map((kept, at) => {
    const extension = at < ours ? kept.extension : withReply(kept.extension, ids);
    return extension === kept.extension ? kept : { record: kept.record, extension };
  });
}
