// Threads as people see them: who is in one, and what was said in it last.

import { messageOf } from "../core/mail/message-of.ts";
import { filterSql, queryEvents } from "../store/query/events-query.ts";
import { threadMembers, threadNames } from "../store/threads.ts";
import type { Bus } from "./bus.ts";

export interface Thread {
  name: string;
  /** Base names of those who are here, in the order in which they came. */
  members: string[];
  /** Its newest message; undefined where that is not in this log. */
  last: { id: number; from: string; text: string; seconds: number } | undefined;
}

/** The youngest first. */
export function listThreads(bus: Bus, most: number): Thread[] {
  return threadNames(bus.db, most).map((name) => {
    const where = filterSql({ thread: [name] });
    const [row] = queryEvents(bus.db, { where, limit: 1, newestFirst: true });
    const message = row === undefined ? undefined : messageOf(row);
    return { name, members: threadMembers(bus.db, name), last: message && lastOf(bus, message) };
  });
}

function lastOf(bus: Bus, { id, timestamp, data }: NonNullable<ReturnType<typeof messageOf>>) {
  const seconds = Math.max(0, Math.floor((bus.system.now() - Date.parse(timestamp)) / 1000));
  return { id, from: data.from, text: data.text, seconds };
}
