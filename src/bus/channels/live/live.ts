// What every operation of the live store works on: a space of the log's database, and those who
// bring what is said to its readers.
import type { Channel } from "../../../core/channels/channel.ts";
import { channelNotFound } from "../../../core/channels/refusals.ts";
import { channelRules, endsAfterOf } from "../../../store/channels/channels.ts";
import { oldestAlive } from "../../../store/channels/messages.ts";
import { findSpace } from "../../../store/channels/spaces.ts";
import { sweepChannel } from "../../../store/channels/sweep.ts";
import type { Bus } from "../../bus.ts";
import type { Post } from "../post.ts";

export interface LiveOptions {
  /**
   * Called in the transaction of the post, after its rows were stored. Returns the id of the event
   * that carries it, if one does.
   */
  announce?(post: Post): number | undefined;
  /** Who is behind a name that joins or subscribes. */
  principalOf?(participant: string): string | undefined;
  /** Throws for names that others must not meet; without, all that documents take are good. */
  names?: { checkRoom(space: number, name: string): void; checkMember(name: string): void };
}

export interface Live {
  bus: Bus;
  /** The space's key; it is made when something is first kept in it. */
  key: string;
  options: LiveOptions;
}

/** No space has the number 0: it is an empty one. */
export function spaceOf(live: Live): number {
  return findSpace(live.bus.db, live.key) ?? 0;
}

/** Its rules alone, however many are in it. Throws where there is no such channel. */
export function roomOf(bus: Bus, space: number, id: number): Omit<Channel, "participants"> {
  const channel = channelRules(bus.db, space, id);
  if (channel === undefined) throw channelNotFound(id);
  return channel;
}

/** Removes what has ended by itself, so many at once. */
export function sweep(live: Live, space: number, channelId: number, most: number): void {
  const endsAfter = endsAfterOf(live.bus.db, space, channelId);
  if (endsAfter === 0) return;
  const oldest = oldestAlive(endsAfter, live.bus.system.now());
  sweepChannel(live.bus.db, { space, channel: channelId, oldest }, most);
}
