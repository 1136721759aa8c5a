// The human's mail. bigboss has no row and is no agent: a cursor in `kv` and lines in the ledger
// are all there is, so reading makes nobody anything, and `why` works as for everybody.
import type { MessageEvent } from "../core/event.ts";
import { human } from "../core/instance.ts";
import { maxBatch } from "../core/mail/inbox.ts";
import { messageOf } from "../core/mail/message-of.ts";
import { handDeliveries, storeDeliveries } from "../store/deliveries.ts";
import { countUnread, maxEventId, unreadMessages } from "../store/events.ts";
import { getKv, setKv } from "../store/kv.ts";
import { createPrincipal } from "../store/principals.ts";
import { type Bus, reopenIfReplaced } from "./bus.ts";
import { nextWake } from "./wake.ts";

/** Principals of agents are uuids. */
export const humanPrincipal = human;
const cursorKey = `inbox:${human}`;

export interface Inbox {
  messages: MessageEvent[];
  /** Call after the text was flushed: what was shown is read. */
  commit(): void;
}

/** The next unread ones, oldest first; of these only what came after `after`. */
export function openInbox(bus: Bus, after = 0): Inbox {
  const read = cursorOf(bus);
  const cursor = read === undefined ? undefined : Math.max(read, after);
  const rows =
    cursor === undefined ? [] : unreadMessages(bus.db, { name: human, cursor, limit: maxBatch });
  const messages = rows.map(messageOf).filter((one) => one !== undefined);
  return { messages, commit: () => markRead(bus, messages) };
}

/**
 * Looks for messages to the human by name that came after this moment. Others lie about unread for
 * long, and are no news to whoever waits for something.
 */
export function toldFromNow(bus: Bus): () => number[] {
  const begun = maxEventId(bus.db);
  return () => {
    const { messages } = openInbox(bus, begun);
    return messages.flatMap(({ id, data }) => (data.mentions?.includes(human) ? [id] : []));
  };
}

export function countInbox(bus: Bus): number {
  const cursor = cursorOf(bus);
  if (cursor === undefined) return 0;
  return countUnread(bus.db, { name: human, principal: humanPrincipal, cursor });
}

/**
 * In the transaction of a send: from the first message on there is a cursor. What names the human
 * has a line in the ledger at once, what goes to everybody when it is read.
 */
export function storeForHuman(bus: Bus, messageId: number, isNamed: boolean): void {
  const now = bus.system.now() / 1000;
  if (cursorOf(bus) === undefined) {
    createPrincipal(bus.db, { id: humanPrincipal, name: human, tool: "person", now });
    setKv(bus.db, cursorKey, String(messageId - 1));
  }
  if (!isNamed) return;
  storeDeliveries(bus.db, messageId, [{ name: human, principal: humanPrincipal }], now);
}

/** Resolves with mail, or with an empty inbox when the time is over or the caller goes away. */
export async function awaitInbox(
  bus: Bus,
  wait: {
    timeoutMs: number;
    after?: number;
    isOver(): boolean;
    whenOver(wake: () => void): void;
  },
): Promise<Inbox> {
  const deadline = bus.system.monotonic() + wait.timeoutMs;
  for (;;) {
    reopenIfReplaced(bus);
    const version = bus.db.dataVersion();
    const inbox = openInbox(bus, wait.after);
    const left = deadline - bus.system.monotonic();
    if (inbox.messages.length > 0 || left <= 0 || wait.isOver()) return inbox;
    const isDue = () => bus.db.dataVersion() !== version || wait.isOver();
    await nextWake(bus, Math.min(left, 30_000), { isDue, whenOver: wait.whenOver });
  }
}

/** The last message that was read, or lies behind what was; 0 before there was any. */
export function readUpTo(bus: Bus): number {
  return cursorOf(bus) ?? 0;
}

/** Read elsewhere than in the inbox: all up to that message, oldest first. */
export function markReadUpTo(bus: Bus, id: number): void {
  for (;;) {
    const messages = openInbox(bus).messages.filter((one) => one.id <= id);
    if (messages.length === 0) return;
    markRead(bus, messages);
  }
}

function cursorOf(bus: Bus): number | undefined {
  const text = getKv(bus.db, cursorKey);
  return text === undefined ? undefined : Number(text);
}

function markRead(bus: Bus, messages: readonly MessageEvent[]): void {
  const last = messages.at(-1);
  if (last === undefined) return;
  bus.db.write(() => {
    setKv(bus.db, cursorKey, String(Math.max(last.id, cursorOf(bus) ?? 0)));
    handDeliveries(bus.db, {
      messageIds: messages.map((one) => one.id),
      principal: humanPrincipal,
      via: "inbox",
      evidence: "shown to the person",
      now: bus.system.now() / 1000,
    });
  });
}
