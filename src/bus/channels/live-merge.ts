// A document's content into a space without losing anything of either: what says the same is the
// same one, and whatever else has an id that is taken gets a fresh one. Doing it again changes
// nothing.
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import type { Subscription } from "../../core/channels/comm-store.ts";
import {
  findKnown,
  type IdsBySameness,
  idsBySameness,
  type MessageIdentity,
  putId,
  samenessOf,
  type Tally,
  withReply,
} from "../../core/channels/merging.ts";
import type { Counters, Kept, Snapshot } from "../../core/channels/snapshot.ts";
import { insertBody } from "../../store/channels/bodies.ts";
import { channelsIn, insertChannel } from "../../store/channels/channels.ts";
import { insertMember, isMember } from "../../store/channels/members.ts";
import { insertAck, insertAcks, insertCopies, messageById } from "../../store/channels/messages.ts";
import { eachSaid, takenIds } from "../../store/channels/sameness.ts";
import { raiseCounters, takeIds } from "../../store/channels/spaces.ts";
import { insertSubscription, subscriptionsIn } from "../../store/channels/subscriptions.ts";
import type { Db } from "../../store/db.ts";
import { signatureOf } from "./live/posting.ts";

export interface Merging {
  space: number;
  wasEmpty: boolean;
  snapshot: Snapshot;
}

export function mergeInto(
  db: Db,
  merging: Merging,
): { channels: Tally; messages: Tally; subscriptions: Tally } {
  // Before anything gets a fresh id: none of the document's own is one.
  raiseCounters(db, merging.space, countersFor(merging.snapshot));
  const channels = mergeChannels(db, merging);
  const messages = mergeMessages(db, merging, channels.idOf);
  return { channels: channels.tally, messages, subscriptions: mergeSubscriptions(db, merging) };
}

function countersFor({ next, channels, messages, subscriptions }: Snapshot): Counters {
  const after = (records: readonly Kept<{ id: number }>[], least: number) =>
    records.reduce((most, { record }) => Math.max(most, record.id + 1), least);
  return {
    channel: after(channels, next.channel),
    message: after(messages, next.message),
    subscription: after(subscriptions, next.subscription),
  };
}

function mergeChannels(
  db: Db,
  { space, wasEmpty, snapshot }: Merging,
): { tally: Tally; idOf: (channelId: number) => number } {
  const ours = wasEmpty ? [] : channelsIn(db, space).map((record) => ({ record }));
  const known = findKnown(
    snapshot.channels,
    idsBySameness(ours, samenessOf.channel),
    samenessOf.channel,
  );
  const taken = takenIds(db, space, "comm_channel");
  const before = new Set(taken);
  const all = places(snapshot.channels, known, (id) => freeId(db, space, "channel", taken, id));
  const tally = merge(all, {
    add({ record, extension }, id) {
      // What others wrote down ends nothing here until somebody here wants it.
      insertChannel(db, space, { ...record, id }, { endsAfter: 0, extension });
      join(db, space, id, record.participants);
    },
    unite({ record }, id) {
      const isNew = (participant: string) => !isMember(db, { space, channel: id, participant });
      join(db, space, id, record.participants.filter(isNew));
    },
  });
  const ids = idsOf(all);
  const idOf = (channelId: number): number => {
    // The document may have messages of a channel that it lacks; ours of that id is another.
    const id =
      ids.get(channelId) ?? (before.has(channelId) ? takeIds(db, space, "channel", 1) : channelId);
    ids.set(channelId, id);
    return id;
  };
  return { tally, idOf };
}

function idsOf(all: ReadonlyMap<Kept<{ id: number }>, Landing>): Map<number, number> {
  return new Map([...all].map(([kept, { id }]) => [kept.record.id, id]));
}

function join(db: Db, space: number, channel: number, participants: readonly string[]): void {
  for (const participant of participants) insertMember(db, { space, channel, participant }, null);
}

function mergeMessages(
  db: Db,
  { space, wasEmpty, snapshot }: Merging,
  channelIdOf: (channelId: number) => number,
): Tally {
  const messages = snapshot.messages.map(({ record, extension }) => ({
    record: { ...record, channel_id: channelIdOf(record.channel_id) },
    extension,
  }));
  const ours: IdsBySameness = wasEmpty ? new Map() : messagesAround(db, space, messages);
  const known = findKnown(messages, ours, hashedSameness);
  const taken = takenIds(db, space, "comm_message");
  const all = places(messages, known, (id) => freeId(db, space, "message", taken, id));
  const ids = idsOf(all);
  const bodies = new Map<string, number>();
  const bodyOf = (content: string): number => {
    const body = bodies.get(content) ?? insertBody(db, content);
    bodies.set(content, body);
    return body;
  };
  return merge(all, {
    add({ record, extension }, id) {
      const row = { ...record, id, space, body: bodyOf(record.content) };
      const seq = insertCopies(db, { ...row, extension: withReply(extension, ids) }, [record]);
      insertAcks(db, seq, record.acknowledged_by);
    },
    unite({ record }, id) {
      if (record.acknowledged_by.length === 0) return;
      const seq = messageById(db, space, id)?.seq;
      if (seq === undefined) return;
      for (const who of record.acknowledged_by) insertAck(db, seq, who, null);
    },
  });
}

/**
 * Ours of their times. Thousands of copies may have one time and one text, so they are looked up by
 * what makes them the same, with the text's hash for the text.
 */
function messagesAround(
  db: Db,
  space: number,
  messages: readonly Kept<ChannelMessage>[],
): IdsBySameness {
  const ids = new Map<string, number[]>();
  const times = messages.map(({ record }) => record.timestamp);
  eachSaid(db, space, times, (said) => putId(ids, hashedSameness(said), said.id));
  return ids;
}

function hashedSameness(message: MessageIdentity): string {
  return samenessOf.message({ ...message, content: signatureOf(message.content) });
}

function mergeSubscriptions(db: Db, { space, wasEmpty, snapshot }: Merging): Tally {
  const { subscriptions } = snapshot;
  const ours = wasEmpty ? [] : subscriptionsIn(db, space).map((record) => ({ record }));
  const known = findKnown<Subscription>(
    subscriptions,
    idsBySameness(ours, samenessOf.subscription),
    samenessOf.subscription,
  );
  const taken = takenIds(db, space, "comm_subscription");
  const all = places(subscriptions, known, (id) => freeId(db, space, "subscription", taken, id));
  return merge(all, {
    add: ({ record, extension }, id) =>
      insertSubscription(db, space, { ...record, id }, { extension }),
    unite: () => undefined,
  });
}

interface Landing {
  id: number;
  isKnown: boolean;
}

/** The id that each one has here, before any is stored: they may name each other. */
function places<Entity extends { id: number }>(
  all: readonly Kept<Entity>[],
  known: ReadonlyMap<Kept<Entity>, number>,
  idFor: (id: number) => number,
): Map<Kept<Entity>, Landing> {
  return new Map(
    all.map((kept) => {
      const ours = known.get(kept);
      return [kept, { id: ours ?? idFor(kept.record.id), isKnown: ours !== undefined }];
    }),
  );
}

function merge<Entity extends { id: number }>(
  all: ReadonlyMap<Kept<Entity>, Landing>,
  how: {
    add(kept: Kept<Entity>, id: number): void;
    unite(kept: Kept<Entity>, id: number): void;
  },
): Tally {
  const tally: Tally = { added: 0, known: 0, renumbered: 0 };
  for (const [kept, { id, isKnown }] of all) {
    if (isKnown) how.unite(kept, id);
    else how.add(kept, id);
    if (isKnown) tally.known++;
    else tally[id === kept.record.id ? "added" : "renumbered"]++;
  }
  return tally;
}

function freeId(
  db: Db,
  space: number,
  kind: keyof Counters,
  taken: Set<number>,
  wanted: number,
): number {
  const id = taken.has(wanted) ? takeIds(db, space, kind, 1) : wanted;
  taken.add(id);
  return id;
}
