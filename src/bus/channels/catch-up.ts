// Reads on in a channel from where its reader left off, in two steps like all mail: shown, and,
// when that has left, done. What reached the reader's context before is not shown again.
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import { carriersOf } from "../../store/channels/carriers.ts";
import { findSpace } from "../../store/channels/spaces.ts";
import { handDeliveries } from "../../store/deliveries.ts";
import { findInstance } from "../agents/identity.ts";
import type { Bus } from "../bus.ts";
import { moveCursor, rest, type Seat, unreadOf } from "./live-members.ts";

export interface CaughtUp {
  /** Oldest first. */
  messages: ChannelMessage[];
  /** How many are left after these. */
  more: number;
  /** Call after they were flushed: they are read, and do not come as mail any more. */
  commit(): void;
}

export function catchUp(bus: Bus, reader: Seat & { limit: number }): CaughtUp {
  const { messages, total } = unreadOf(bus, reader, reader.limit);
  if (total === 0) rest(bus, reader);
  return {
    messages,
    more: total - messages.length,
    commit: () => {
      const last = messages.at(-1);
      if (last === undefined) return;
      bus.db.write(() => {
        moveCursor(bus, reader, last.id);
        handOver(bus, reader, messages);
      });
    },
  };
}

function handOver(bus: Bus, reader: Seat, messages: readonly ChannelMessage[]): void {
  const principal = findInstance(bus, reader.participant)?.principal;
  const space = findSpace(bus.db, reader.space);
  if (principal === undefined || space === undefined) return;
  const ids = messages.map((message) => message.id);
  handDeliveries(bus.db, {
    messageIds: [...new Set(carriersOf(bus.db, space, ids).values())],
    principal,
    via: "channel read",
    evidence: "it ran hcom channel read",
    now: bus.system.now() / 1000,
  });
}
