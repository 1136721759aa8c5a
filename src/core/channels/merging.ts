// The rules by which one store's content goes into another one, whatever keeps them: what says the
// same is the same one, whatever its id, and what stays behind is named.

import type { Json } from "../json.ts";
import type { Channel } from "./channel.ts";
import type { ChannelMessage } from "./channel-message.ts";
import type { Subscription } from "./comm-store.ts";
import type { Extension, Kept } from "./snapshot.ts";

/** Each record is counted once. */
export interface Tally {
  /** Under its own id. */
  added: number;
  known: number;
  /** Added under a fresh id, because another one has its own. */
  renumbered: number;
}

/** What makes two of them the same one; acknowledgements and what only some layouts have do not. */
export const samenessOf = {
  channel: ({ name, channel_type, created_at }: ChannelIdentity) =>
    JSON.stringify([name, channel_type, created_at]),
  /** `content` may be its hash, if it is in both stores. */
  message: ({ channel_id, timestamp, sender, recipient, content }: MessageIdentity) =>
    JSON.stringify([channel_id, timestamp, sender, recipient, content]),
  subscription: ({ topic, subscriber, created_at }: Omit<Subscription, "id">) =>
    JSON.stringify([topic, subscriber, created_at]),
};

type ChannelIdentity = Pick<Channel, "name" | "channel_type" | "created_at">;
export type MessageIdentity = Pick<
  ChannelMessage,
  "channel_id" | "timestamp" | "sender" | "recipient" | "content"
>;

/** Ids of those that are the same, lowest first. */
export type IdsBySameness = ReadonlyMap<string, readonly number[]>;

export function idsBySameness<Entity extends { id: number }>(
  ours: readonly Kept<Entity>[],
  sameness: (record: Entity) => string,
): IdsBySameness {
  const ids = new Map<string, number[]>();
  const records = ours.map((kept) => kept.record).sort((a, b) => a.id - b.id);
  for (const record of records) putId(ids, sameness(record), record.id);
  return ids;
}

/** For who sees them one at a time; lowest first. */
export function putId(ids: Map<string, number[]>, sameness: string, id: number): void {
  const known = ids.get(sameness);
  if (known === undefined) ids.set(sameness, [id]);
  else known.push(id);
}

/**
 * Which of ours each of theirs is. One of ours is never two of theirs: those of the same id find
 * each other first, since a document may hold thousands that differ in nothing but the id.
 */
export function findKnown<Entity extends { id: number }>(
  theirs: readonly Kept<Entity>[],
  ours: IdsBySameness,
  sameness: (record: Entity) => string,
): Map<Kept<Entity>, number> {
  const known = new Map<Kept<Entity>, number>();
  if (ours.size === 0) return known;
  const free = new Map([...ours].map(([key, ids]) => [key, new Set(ids)]));
  const all = theirs.map((kept) => ({ kept, ids: free.get(sameness(kept.record)) }));
  const claim = (kept: Kept<Entity>, ids: Set<number> | undefined, id: number | undefined) => {
    if (id !== undefined && ids?.delete(id)) known.set(kept, id);
  };
  for (const { kept, ids } of all) claim(kept, ids, kept.record.id);
  for (const { kept, ids } of all) {
    if (!known.has(kept)) claim(kept, ids, ids?.values().next().value);
  }
  return known;
}

/** The newer layouts name the message that is answered; `ids` says what became of it. */
export function withReply(
  extension: Extension | undefined,
  ids: ReadonlyMap<number, number>,
): Extension | undefined {
  const old = extension?.["reply_to"];
  const id = typeof old === "number" ? ids.get(old) : undefined;
  return id === undefined || id === old ? extension : { ...extension, reply_to: id };
}

/** A section that does not come along whole: how many entries it had, how many are there now. */
export function sectionLine(
  name: string,
  before: Json | undefined,
  after: Json | undefined,
): string {
  return `the section ${name}: ${entriesIn(before)} in the file, ${entriesIn(after)} kept`;
}

function entriesIn(value: Json | undefined): number {
  if (Array.isArray(value)) return value.length;
  return value === undefined || value === null ? 0 : 1;
}

/** Their sections that say something else than ours do, which stay as they are. */
export function sectionsBeyond(ours: Extension, theirs: Extension): string[] {
  return Object.entries(theirs)
    .filter(([name, value]) => {
      const text = JSON.stringify(value);
      return !["null", "[]", "{}"].includes(text) && text !== JSON.stringify(ours[name]);
    })
    .map(([name, value]) => sectionLine(name, value, ours[name]));
}
