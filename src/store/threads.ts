// Members of threads, kept as subscriptions that deliver and never fire, so that a user sees and
// removes them with `events sub list` and `events unsub`. Routing is the verb's business.
import type { Db } from "./db.ts";

/** Key prefix of every subscription in `kv`. */
const subscriptionPrefix = "events_sub:";

/** The id under which a membership can be left. */
export function membershipId(thread: string, member: string): string {
  const hash = new Bun.CryptoHasher("sha256").update(`thread-member:${thread}:${member}`);
  return `sub-${hash.digest("hex").slice(0, 8)}`;
}

/** Adds who is not in yet, in this order. `now` is epoch seconds, `lastId` the newest event. */
export function addThreadMembers(
  db: Db,
  add: { thread: string; members: string[]; now: number; lastId: number },
): void {
  db.write(() => {
    add.members.forEach((member, index) => {
      const id = membershipId(add.thread, member);
      const value = {
        id,
        caller: member,
        thread_name: add.thread,
        auto_thread_member: true,
        delivery_only: true,
        sql: "0",
        // A microsecond apart, so that the order of joining survives sorting.
        created: add.now + index * 1e-6,
        last_id: add.lastId,
        once: false,
      };
      db.run(
        "INSERT OR IGNORE INTO kv (key, value) VALUES (?, ?)",
        subscriptionPrefix + id,
        JSON.stringify(value),
      );
    });
  });
}

/** Members that have a row now, in the order in which they joined. */
export function threadMembers(db: Db, thread: string): string[] {
  return db
    .all<{ member: string }>(
      `SELECT json_extract(value, '$.caller') AS member FROM kv
       JOIN instances ON instances.name = json_extract(value, '$.caller')
       WHERE key >= 'events_sub:sub-' AND key < 'events_sub:sub.' AND json_valid(value)
         AND json_extract(value, '$.auto_thread_member') = 1
         AND json_extract(value, '$.thread_name') = ?
       ORDER BY json_extract(value, '$.created'), key`,
      thread,
    )
    .map((row) => row.member);
}

/** Threads that have members, the youngest first. */
export function threadNames(db: Db, most: number): string[] {
  return db
    .all<{ thread: string }>(
      `SELECT json_extract(value, '$.thread_name') AS thread FROM kv
       WHERE key >= 'events_sub:sub-' AND key < 'events_sub:sub.' AND json_valid(value)
         AND json_extract(value, '$.auto_thread_member') = 1
       GROUP BY thread ORDER BY max(json_extract(value, '$.created')) DESC LIMIT ?`,
      most,
    )
    .map((row) => row.thread);
}

/** A new holder of a name starts without anything its predecessor subscribed to or joined. */
export function purgeSubscriptionsOf(db: Db, name: string): number {
  return db.run(
    `DELETE FROM kv WHERE key >= 'events_sub:' AND key < 'events_sub;' AND json_valid(value)
       AND json_extract(value, '$.caller') = ?`,
    name,
  ).changes;
}
