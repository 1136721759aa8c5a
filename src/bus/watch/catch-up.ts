// Tells everybody of the events that they asked for. A cursor over the log says how far that went:
// whoever looks first, a wrapper, a command that has written, a listener, goes on from there in one
// transaction, so that each event is looked at exactly once, and no writer waits for it.
import type { EventRow } from "../../core/event.ts";
import { human } from "../../core/instance.ts";
import { extractMentions } from "../../core/names/address.ts";
import { getEvent, maxEventId } from "../../store/events.ts";
import { getInstance } from "../../store/instances.ts";
import { collidedWith } from "../../store/query/collision.ts";
import {
  changeSubscription,
  firing,
  hasFiring,
  matchesOf,
  removeSubscription,
  type Subscription,
  setWatchedUpTo,
  watchedUpTo,
} from "../../store/subscriptions.ts";
import type { Bus } from "../bus.ts";
import { send } from "../mail/send.ts";
import { hitText, isUnread, moreText, tell } from "./notice.ts";
import { settleRequest } from "./request-watch.ts";

/** More at once would hold the log for too long: the rest is the next round's. */
const batch = 2000;

/** Base names of those who were told something; who has no wrapper is to be woken. */
export function catchUp(bus: Bus): string[] {
  if (!isDue(bus)) return [];
  return bus.db.write(() => {
    const newest = maxEventId(bus.db);
    const after = watchedUpTo(bus.db) ?? newest;
    const upTo = Math.min(newest, after + batch);
    const told = new Set<string>();
    const { subscriptions, watches } = firing(bus.db);
    for (const one of subscriptions) {
      if (attempt(bus, one.id, () => fire(bus, one, { after, upTo }))) told.add(one.caller);
    }
    for (const one of watches) {
      if (attempt(bus, one.id, () => settleRequest(bus, one, upTo))) told.add(one.caller);
    }
    setWatchedUpTo(bus.db, upTo);
    return [...told];
  });
}

/** Is there anything in the log that nobody has been told of? */
export function isDue(bus: Bus): boolean {
  if (!hasFiring(bus.db)) return false;
  return (watchedUpTo(bus.db) ?? -1) < maxEventId(bus.db);
}

/** One that fails must not keep the others from hearing; what it had begun is undone. */
function attempt(bus: Bus, id: string, work: () => boolean): boolean {
  try {
    return bus.db.part(work);
  } catch (error) {
    const msg = error instanceof Error ? error.message : String(error);
    bus.system.log({ level: "warn", subsystem: "watch", event: "subscription_failed", id, msg });
    return false;
  }
}

function fire(bus: Bus, one: Subscription, range: { after: number; upTo: number }): boolean {
  const after = Math.max(range.after, one.last_id);
  const hits = matchesOf(bus.db, one, { after, upTo: range.upTo });
  const events = hits
    .map((id) => getEvent(bus.db, id))
    .filter((event) => event !== undefined)
    .filter((event) => !isToldCollision(bus, one, event));
  const due = one.once ? events.slice(0, 1) : events;
  // Gone before the notice: it fires once, whatever happens behind it.
  if (one.once && due.length > 0 && !removeSubscription(bus.db, one.id)) return false;
  for (const event of due) sayOnHit(bus, one, event);
  return one.once ? due.some((event) => tellOf(bus, one, event)) : tellAll(bus, one, due);
}

/** The first one in words, the others as a number while that is unread: no floods. */
function tellAll(bus: Bus, one: Subscription, events: readonly EventRow[]): boolean {
  let notice = one.notice;
  let isTold = false;
  if (notice !== undefined && !isUnread(bus, one.caller, notice.id)) {
    const { more, last } = notice;
    const id = more > 0 ? tell(bus, one.caller, moreText(one.id, more, last)) : undefined;
    isTold = id !== undefined;
    notice = id === undefined ? undefined : { id, more: 0, last };
  }
  for (const event of events) {
    if (notice !== undefined) {
      notice = { ...notice, more: notice.more + 1, last: event.id };
      continue;
    }
    const id = tell(bus, one.caller, hitText(bus, one, event));
    if (id === undefined) continue;
    notice = { id, more: 0, last: event.id };
    isTold = true;
  }
  if (notice !== one.notice) changeSubscription(bus.db, one.id, { notice });
  return isTold;
}

function tellOf(bus: Bus, one: Subscription, event: EventRow): boolean {
  return tell(bus, one.caller, hitText(bus, one, event)) !== undefined;
}

const collisionRestMs = 30_000;

/** Two who take turns at one file are told once in a while, not at each change. */
function isToldCollision(bus: Bus, one: Subscription, event: EventRow): boolean {
  if (one.filters["collision"] === undefined) return false;
  const met = collidedWith(bus.db, event.id);
  if (met === undefined) return true;
  const key = [event.instance, met.other].toSorted().concat(met.detail).join(" ");
  const at = Date.parse(event.timestamp);
  const last = one.told?.[key];
  const recent = Object.entries(one.told ?? {}).filter(([, time]) => at - time < collisionRestMs);
  one.told = { ...Object.fromEntries(recent), [key]: at };
  changeSubscription(bus.db, one.id, { told: one.told });
  return last !== undefined && at - last < collisionRestMs;
}

/** In the caller's name, to whom its text names. */
function sayOnHit(bus: Bus, one: Subscription, event: EventRow): void {
  const text = one.on_hit_text;
  if (text === undefined) return;
  const row = getInstance(bus.db, one.caller);
  const isAgent = row !== undefined && one.caller !== human;
  send(bus, {
    sender: isAgent
      ? { kind: "instance", name: row.name, row }
      : { kind: "external", name: one.caller },
    targets: extractMentions(text),
    text,
    calledBy: `subscription ${one.id} at #${event.id}`,
    go: true,
  });
}
