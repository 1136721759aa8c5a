// Rows of who wants to hear of which topic. Whether a pattern matches is decided by core.
import type { Subscription } from "../../core/channels/comm-store.ts";
import type { Extension, Kept } from "../../core/channels/snapshot.ts";
import type { WakePolicy } from "../../core/channels/wake-policy.ts";
import type { Db } from "../db.ts";

export interface Subscriber extends Subscription {
  principal: string | null;
  wake: WakePolicy;
  /** What has a higher id may be unread. */
  cursor: number;
}

/** What it may be behind with starts now. */
export function insertSubscription(
  db: Db,
  space: number,
  record: Subscription,
  more: { principal?: string | undefined; extension?: Extension | undefined } = {},
): void {
  db.run(
    `INSERT INTO comm_subscription
       (space, id, topic, subscriber, created_at, principal, ext, cursor_id)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,
       (SELECT next_message - 1 FROM comm_space WHERE id = ?1))`,
    space,
    record.id,
    record.topic,
    record.subscriber,
    record.created_at,
    more.principal ?? null,
    more.extension === undefined ? null : JSON.stringify(more.extension),
  );
}

export function deleteSubscription(db: Db, space: number, id: number): boolean {
  const sql = "DELETE FROM comm_subscription WHERE space = ? AND id = ?";
  return db.run(sql, space, id).changes > 0;
}

/** By id. */
export function subscriptionsIn(db: Db, space: number): Subscription[] {
  return db.all<Subscription>(
    `SELECT id, topic, subscriber, created_at FROM comm_subscription
     WHERE space = ? ORDER BY id`,
    space,
  );
}

/** In the order in which a document is written. */
export function keptSubscriptions(db: Db, space: number): Kept<Subscription>[] {
  const rows = db.all<Subscription & { ext: string | null }>(
    `SELECT id, topic, subscriber, created_at, ext FROM comm_subscription
     WHERE space = ? ORDER BY seq`,
    space,
  );
  return rows.map(({ ext, ...record }) => ({
    record,
    ...(ext === null ? {} : { extension: JSON.parse(ext) as Extension }),
  }));
}

/** Those to exactly that topic, and all patterns, whether they match or not; by id. */
export function possibleSubscribers(db: Db, space: number, topic: string): Subscriber[] {
  return db.all<Subscriber>(
    `SELECT ${columns} FROM comm_subscription AS u WHERE space = ?1 AND topic = ?2
     UNION SELECT ${columns} FROM comm_subscription AS u WHERE space = ?1 AND ${isPattern}
     ORDER BY id`,
    space,
    topic,
  );
}

/** To possible patterns of one subscriber, and to exactly that topic; by id. */
export function subscriptionsBy(
  db: Db,
  space: number,
  wanted: { subscriber: string; topic: string },
): Subscriber[] {
  return possibleSubscribers(db, space, wanted.topic).filter(
    (one) => one.subscriber === wanted.subscriber,
  );
}

export interface OwnSubscription extends Subscriber {
  space: number;
  spaceKey: string;
}

export function subscriptionsOfPrincipal(db: Db, principal: string): OwnSubscription[] {
  return db.all<OwnSubscription>(
    `SELECT ${columns}, u.space, s.key AS spaceKey
     FROM comm_subscription AS u JOIN comm_space AS s ON s.id = u.space
     WHERE u.principal = ? ORDER BY u.space, u.id`,
    principal,
  );
}

/** All of that subscriber to exactly that topic; how many. */
export function setSubscriptionWake(
  db: Db,
  space: number,
  which: { subscriber: string; topic: string },
  wake: WakePolicy,
): number {
  return db.run(
    "UPDATE comm_subscription SET wake = ? WHERE space = ? AND topic = ? AND subscriber = ?",
    wake,
    space,
    which.topic,
    which.subscriber,
  ).changes;
}

const columns = `u.id, u.topic, u.subscriber, u.created_at, u.principal, u.wake,
  u.cursor_id AS cursor`;

// As the partial index has it.
const isPattern = "topic GLOB '*[*#]*'";
