// Unread mail of everybody at once. What the ledger knows is counted by its indexes; only messages
// that it may not know for every reader are looked at one by one: broadcasts, which also reach who
// was away, and those of programs that keep no ledger.
import { deliveryStates } from "../../core/mail/delivery-state.ts";
import type { Db } from "../db.ts";

/** By base name; who has none is left out. The same as `countUnread` and `countDeferred`. */
export function unreadCounts(db: Db): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string, n: number) => counts.set(name, (counts.get(name) ?? 0) + n);
  for (const { name, n } of ledgerCounts(db)) add(name, n);
  const readers = db.all<Reader>(
    "SELECT name, principal, last_event_id AS cursor FROM instances WHERE origin_device_id = ''",
  );
  if (readers.length === 0) return counts;
  const oldest = Math.min(...readers.map((reader) => reader.cursor));
  const open = openMessages(db, oldest);
  if (open.length === 0) return counts;
  const known = ledgerRows(db, open);
  for (const reader of readers) {
    add(reader.name, addressedTo(reader, open) - (known.get(reader.name) ?? 0));
  }
  return counts;
}

interface Reader {
  name: string;
  principal: string;
  cursor: number;
}

interface Count {
  name: string;
  n: number;
}

/** Behind the cursor what is wanted at once; of the rest all that waits. */
function ledgerCounts(db: Db): Count[] {
  const open = "d.state IN ('stored', 'offered')";
  const deferred = `SELECT count(*) FROM deliveries AS d INDEXED BY idx_deliveries_policy
    WHERE d.principal = i.principal AND d.policy IS NOT NULL AND ${open}`;
  return db.all<Count>(
    `SELECT i.name AS name,
       (SELECT count(*) FROM deliveries AS d INDEXED BY idx_deliveries_principal_state
        WHERE d.principal = i.principal AND ${open} AND d.message_id > i.last_event_id)
       - (${deferred} AND d.message_id > i.last_event_id) + (${deferred}) AS n
     FROM instances AS i`,
  );
}

interface OpenMessage {
  id: number;
  from: string | null;
  isBroadcast: number;
  mentions: string | null;
}

/** Broadcasts, and messages without any row in the ledger. */
function openMessages(db: Db, after: number): OpenMessage[] {
  const broadcasts = db.all<OpenMessage>(
    `SELECT ${columns} FROM events AS e INDEXED BY idx_broadcasts
     WHERE type = 'message' AND json_extract(data, '$.scope') = 'broadcast' AND id > ?
       AND json_type(data, '$.text') = 'text'
     ORDER BY id`,
    after,
  );
  if (isLedgerWhole(db, after)) return broadcasts;
  const unknown = db.all<OpenMessage>(
    `SELECT ${columns} FROM events AS e
     WHERE type = 'message' AND ifnull(json_extract(data, '$.scope'), '') <> 'broadcast'
       AND id > ? AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.message_id = e.id)
       AND json_type(data, '$.text') = 'text'`,
    after,
  );
  return [...broadcasts, ...unknown].sort((one, other) => one.id - other.id);
}

const columns = `id, json_extract(data, '$.from') AS "from",
  json_extract(data, '$.mentions') AS mentions,
  json_extract(data, '$.scope') = 'broadcast' AS isBroadcast`;

/** Has every message a row there? Sums by index cost a fifth of a look for each message. */
function isLedgerWhole(db: Db, after: number): boolean {
  const sums = db.get<{ messages: string; known: string }>(
    `SELECT
       (SELECT count(*) || ' ' || ifnull(sum(id), 0) FROM events
        WHERE type = 'message' AND id > ?1) AS messages,
       (SELECT count(*) || ' ' || ifnull(sum(id), 0) FROM
         (SELECT DISTINCT message_id AS id FROM deliveries WHERE message_id > ?1)) AS known`,
    after,
  );
  return sums !== undefined && sums.messages === sums.known;
}

const everyState = deliveryStates.map((one) => `'${one}'`).join(", ");

/**
 * How many of these messages the ledger knows of each reader, behind its cursor. With every state
 * named the index leads to what is behind the cursor; without, through all that was ever said.
 */
function ledgerRows(db: Db, open: readonly OpenMessage[]): Map<string, number> {
  const ids = open.filter((one) => one.isBroadcast === 1).map((one) => one.id);
  if (ids.length === 0) return new Map();
  const rows = db.all<Count>(
    `SELECT i.name AS name,
       (SELECT count(*) FROM deliveries AS d INDEXED BY idx_deliveries_principal_state
        WHERE d.principal = i.principal AND d.message_id > i.last_event_id
          AND d.state IN (${everyState})
          AND +d.message_id IN (SELECT value FROM json_each(?))) AS n
     FROM instances AS i`,
    JSON.stringify(ids),
  );
  return new Map(rows.map(({ name, n }) => [name, n]));
}

function addressedTo({ name, cursor }: Reader, open: readonly OpenMessage[]): number {
  let n = 0;
  for (let at = open.length - 1; at >= 0; at--) {
    const message = open[at];
    if (message === undefined || message.id <= cursor) break;
    if (message.from !== name && isFor(message, name)) n++;
  }
  return n;
}

function isFor({ isBroadcast, mentions }: OpenMessage, name: string): boolean {
  if (isBroadcast === 1) return true;
  return mentions?.includes(JSON.stringify(name)) ?? false;
}
