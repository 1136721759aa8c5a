// Another name for an instance, everywhere where rows speak of it. Events stay as they were said.
import { asList, asObject, asText, asTexts, parseJson } from "../../core/json.ts";
import { nameFilters } from "../../core/watch/preset.ts";
import type { Db } from "../db.ts";
import { getKv, setKv } from "../kv.ts";
import { membershipId } from "../threads.ts";

export interface Renaming {
  from: string;
  to: string;
  principal: string;
  /** Epoch seconds. */
  now: number;
}

/** Belongs into a transaction. */
export function renameRows(db: Db, { from, to, principal, now }: Renaming): void {
  // Bindings point at names, and a name has no row of its own for a moment.
  db.run("PRAGMA defer_foreign_keys = ON");
  db.run("UPDATE instances SET name = ? WHERE name = ?", to, from);
  db.run("UPDATE instances SET parent_name = ? WHERE parent_name = ?", to, from);
  for (const [table, column] of [
    ["process_bindings", "instance_name"],
    ["session_bindings", "instance_name"],
    ["claude_actor_capabilities", "instance_name"],
    ["notify_endpoints", "instance"],
  ] as const) {
    db.run(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`, to, from);
  }
  db.run("UPDATE principal SET name = ? WHERE id = ?", to, principal);
  db.run("UPDATE comm_member SET participant = ? WHERE principal = ?", to, principal);
  // What waits was written to another name: from now on it goes by the principal.
  db.run(
    `UPDATE deliveries SET recipient = ?1, state = 'offered', claim = NULL,
       handed_at = coalesce(handed_at, ?2)
     WHERE principal = ?3 AND state IN ('stored', 'offered') AND policy IS NULL`,
    to,
    now,
    principal,
  );
  renameWatches(db, { from, to });
}

/** What it watches, and who waits for an answer of it; also of an agent of another device. */
export function renameWatches(db: Db, { from, to }: Pick<Renaming, "from" | "to">): void {
  for (const row of subscriptionsOf(db, from)) moveSubscription(db, row, to);
  for (const row of requestWatchesFor(db, from)) moveWatch(db, row, { from, to });
  for (const row of subscriptionsNaming(db, from)) moveMeaning(db, row, { from, to });
}

interface Kept {
  key: string;
  value: string;
}

function subscriptionsOf(db: Db, caller: string): Kept[] {
  return db.all<Kept>(
    `SELECT key, value FROM kv WHERE key >= 'events_sub:' AND key < 'events_sub;'
       AND json_valid(value) AND json_extract(value, '$.caller') = ?`,
    caller,
  );
}

/** The key of a thread's member tells its name. */
function moveSubscription(db: Db, { key, value }: Kept, to: string): void {
  const kept = asObject(parseJson(value));
  const thread = kept["auto_thread_member"] === true ? asText(kept["thread_name"]) : undefined;
  if (thread === undefined) {
    setKv(db, key, JSON.stringify({ ...kept, caller: to }));
    return;
  }
  const id = membershipId(thread, to);
  const moved = `events_sub:${id}`;
  db.run("DELETE FROM kv WHERE key = ?", key);
  if (getKv(db, moved) === undefined) setKv(db, moved, JSON.stringify({ ...kept, id, caller: to }));
}

/** Those who wait for an answer of that name. */
function requestWatchesFor(db: Db, target: string): Kept[] {
  return db.all<Kept>(
    `SELECT key, value FROM kv WHERE key >= 'events_sub:reqwatch-' AND key < 'events_sub:reqwatch.'
       AND json_valid(value) AND json_extract(value, '$.filters.target') = ?`,
    target,
  );
}

function moveWatch(
  db: Db,
  { key, value }: Kept,
  { from, to }: Pick<Renaming, "from" | "to">,
): void {
  const kept = asObject(parseJson(value));
  const params = asList(kept["params"]).map((one) => (one === from ? to : one));
  const filters = { ...asObject(kept["filters"]), target: to };
  setKv(db, key, JSON.stringify({ ...kept, filters, params }));
}

/** What others want to hear of that agent: they mean who it is, whatever it is called. */
function subscriptionsNaming(db: Db, name: string): Kept[] {
  const rows = db.all<Kept>(
    `SELECT key, value FROM kv WHERE key >= 'events_sub:' AND key < 'events_sub;'
       AND json_valid(value) AND instr(value, ?) > 0`,
    name,
  );
  return rows.filter(({ value }) => {
    const filters = asObject(asObject(parseJson(value))["filters"]);
    return nameFilters.some((key) => asTexts(filters[key]).includes(name));
  });
}

function moveMeaning(
  db: Db,
  { key, value }: Kept,
  { from, to }: Pick<Renaming, "from" | "to">,
): void {
  const kept = asObject(parseJson(value));
  const moved = (list: unknown) => asList(list).map((one) => (one === from ? to : one));
  const filters = asObject(kept["filters"]);
  const named = nameFilters.filter((one) => filters[one] !== undefined);
  const [word, ofWhom, ...rest] = (asText(filters["preset"]) ?? "").split(":");
  const preset = ofWhom === from ? { preset: [word, to, ...rest].join(":") } : {};
  const next = {
    ...kept,
    filters: { ...filters, ...Object.fromEntries(named.map((one) => [one, moved(filters[one])])) },
    params: moved(kept["params"]),
    ...(kept["only"] === undefined ? {} : { only: moved(kept["only"]) }),
  };
  setKv(db, key, JSON.stringify({ ...next, filters: { ...next.filters, ...preset } }));
}

export interface Renamed {
  principal: string;
  /** The name that it got. */
  to: string;
  /** Of the event. */
  id: number;
}

/** Who was called so last and got another name: by what lasts, for names change hands. */
export function renamedAway(db: Db, name: string): Renamed | undefined {
  return db.get<Renamed>(
    `SELECT id, json_extract(data, '$.principal') AS principal, json_extract(data, '$.to') AS "to"
     FROM events
     WHERE type = 'life' AND json_extract(data, '$.action') = 'renamed'
       AND json_extract(data, '$.from') = ? AND json_extract(data, '$.principal') IS NOT NULL
     ORDER BY id DESC LIMIT 1`,
    name,
  );
}
