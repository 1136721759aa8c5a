// Tells everybody of the events that they asked for. A cursor over the log says how far that went:
// whoever looks first, a wrapper, a command that has written, a listener, goes on from there in one
// transaction, so that each event is looked at exactly once, and no writer waits for it.
import type { EventRow } from "../../../core/event.ts";
import { human } from "../../../core/instance.ts";
import { extractMentions } from "../../../core/names/address.ts";
import { getEvent, maxEventId } from "../../../store/events.ts";
import { getInstance } from "../../../store/instances.ts";
import { type Collision, collisionsIn } from "../../../store/query/collision.ts";
import {
  changeSubscription,
  firing,
  hasFiring,
  instancesIn,
  matchesOf,
  removeSubscription,
  type Subscription,
  saidBySubscription,
  setWatchedUpTo,
  watchedUpTo,
} from "../../../store/subscriptions.ts";
import type { Bus } from "../../bus.ts";
import { hitText, isUnread, moreText, tell } from "../../watch/notice.ts";
import { settleRequest } from "../../watch/request-watch.ts";
import { send } from "../send.ts";

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
    let found: Collision[] | undefined;
    const collisions = () => (found ??= collisionsIn(bus.db, { after, upTo }));
    const instances = instancesIn(bus.db, { after, upTo });
    const range: Range = { after, upTo, collisions, instances, spokenTo: told };
    for (const one of subscriptions) {
      if (attempt(bus, one.id, () => fire(bus, one, range))) told.add(one.caller);
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

interface Range {
  after: number;
  upTo: number;
  instances: ReadonlySet<string>;
  /** Who got a message that a subscription has said. */
  spokenTo: Set<string>;
  /** Asked once for all who want to hear of them. */
  collisions(): readonly Collision[];
}

/** An event that somebody is to be told of. */
export interface Hit {
  event: EventRow;
  collision: Collision | undefined;
}

function fire(bus: Bus, one: Subscription, range: Range): boolean {
  const hits = hitsOf(bus, one, range);
  const due = one.once ? hits.slice(0, 1) : hits;
  // Gone before the notice: it fires once, whatever happens behind it.
  if (one.once && due.length > 0 && !removeSubscription(bus.db, one.id)) return false;
  for (const { event } of due) sayOnHit(bus, one, event, range.spokenTo);
  return one.once ? due.some((hit) => tellOf(bus, one, hit)) : tellAll(bus, one, due);
}

function hitsOf(bus: Bus, one: Subscription, range: Range): Hit[] {
  const after = Math.max(range.after, one.last_id);
  if (one.only?.every((name) => !range.instances.has(name))) return [];
  if (one.filters["collision"] === undefined) {
    const ids = matchesOf(bus.db, one, { after, upTo: range.upTo });
    return withEvents(
      bus,
      ids.map((id) => ({ id, collision: undefined })),
    );
  }
  const mine = range.collisions().filter((found) => found.id > after && concerns(one, found));
  const isAll = Object.keys(one.filters).every((key) => key === "collision" || key === "preset");
  // A collision is the caller's own act as often as the other's.
  const ids = () => matchesOf(bus.db, { ...one, caller: "" }, { after, upTo: range.upTo });
  const asked = isAll ? undefined : new Set(ids());
  const due = mine.filter((found) => asked?.has(found.id) !== false);
  const fresh = due.filter((found) => !isToldAlready(bus, one, found));
  return withEvents(
    bus,
    fresh.map((collision) => ({ id: collision.id, collision })),
  );
}

/** The person hears of all, an agent of its own. */
function concerns({ caller, caller_kind: kind }: Subscription, found: Collision): boolean {
  return kind === "external" || found.instance === caller || found.others.includes(caller);
}

function withEvents(
  bus: Bus,
  hits: readonly { id: number; collision: Collision | undefined }[],
): Hit[] {
  return hits.flatMap(({ id, collision }) => {
    const event = getEvent(bus.db, id);
    return event === undefined ? [] : [{ event, collision }];
  });
}

/** The first one in words, the others as a number while that is unread: no floods. */
function tellAll(bus: Bus, one: Subscription, hits: readonly Hit[]): boolean {
  let notice = one.notice;
  let isTold = false;
  if (notice !== undefined && !isUnread(bus, one.caller, notice.id)) {
    const { more, last } = notice;
    const id = more > 0 ? tell(bus, one.caller, moreText(one.id, more, last)) : undefined;
    isTold = id !== undefined;
    notice = id === undefined ? undefined : { id, more: 0, last };
  }
  for (const hit of hits) {
    const last = hit.event.id;
    if (notice !== undefined) {
      notice = { ...notice, more: notice.more + 1, last };
      continue;
    }
    const id = tell(bus, one.caller, hitText(bus, one, hit));
    if (id === undefined) continue;
    notice = { id, more: 0, last };
    isTold = true;
  }
  if (notice !== one.notice) changeSubscription(bus.db, one.id, { notice });
  return isTold;
}

function tellOf(bus: Bus, one: Subscription, hit: Hit): boolean {
  return tell(bus, one.caller, hitText(bus, one, hit)) !== undefined;
}

const collisionRestMs = 30_000;

/** Two who take turns at one file are told once in a while, not at each change. */
function isToldAlready(bus: Bus, one: Subscription, found: Collision): boolean {
  const [other = ""] = found.others;
  const key = [found.instance, other].toSorted().concat(found.detail).join(" ");
  const at = bus.system.now();
  const recent = Object.entries(one.told ?? {}).filter(([, time]) => at - time < collisionRestMs);
  const isTold = recent.some(([known]) => known === key);
  if (isTold) return true;
  one.told = { ...Object.fromEntries(recent), [key]: at };
  changeSubscription(bus.db, one.id, { told: one.told });
  return false;
}

/** In the caller's name, to whom its text names. When that cannot be, the notice still comes. */
function sayOnHit(bus: Bus, one: Subscription, event: EventRow, spokenTo: Set<string>): void {
  const text = one.on_hit_text;
  if (text === undefined) return;
  attempt(bus, one.id, () => {
    const row = getInstance(bus.db, one.caller);
    const isAgent = row !== undefined && one.caller !== human;
    const sent = send(bus, {
      sender: isAgent
        ? { kind: "instance", name: row.name, row }
        : { kind: "external", name: one.caller },
      targets: extractMentions(text),
      text,
      calledBy: `${saidBySubscription}${one.id} at #${event.id}`,
      go: true,
    });
    for (const { base } of sent.recipients) spokenTo.add(base);
    return true;
  });
}
