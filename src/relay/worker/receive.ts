// Takes what another device published into our log: events, agents, receipts and how far we are,
// all in one transaction, so that a crash in between neither loses nor doubles anything.

import type { Bus } from "../../bus/bus.ts";
import { stirAll } from "../../bus/gate.ts";
import { storeForHuman } from "../../bus/inbox.ts";
import { human } from "../../core/instance.ts";
import { asText, asTexts } from "../../core/json.ts";
import { isCut } from "../../core/relay/batch.ts";
import { awayAfter } from "../../core/relay/device.ts";
import {
  type ImportedEvent,
  importPlan,
  isOnlyForItself,
  isoForm,
} from "../../core/relay/import-plan.ts";
import type { DeviceState, RemoteEvent } from "../../core/relay/payload.ts";
import { storeDeliveries } from "../../store/deliveries.ts";
import { appendEvent, getEvent, isoTime, maxEventId } from "../../store/events.ts";
import { getInstance, listInstances } from "../../store/instances.ts";
import {
  type DeviceRow,
  deviceByShort,
  deviceByUuid,
  forgetEventsOf,
  putDevice,
  removeAgentsOf,
} from "../../store/relay/devices.ts";
import { addOrigin, localEvent } from "../../store/relay/origins.ts";
import { dropReceipts } from "../../store/relay/receipts.ts";
import { answerRequest } from "../../store/relay/requests.ts";
import { addThreadMembers } from "../../store/threads.ts";
import type { Self } from "../device.ts";
import { importPost } from "./import-post.ts";
import { agentHere, sayMissing } from "./meant-here.ts";
import { mirrorAgents } from "./mirror.ts";
import { mirrorChannels } from "./mirror-channels.ts";
import { followRename, takeReceipts } from "./take-receipts.ts";

export interface Received {
  device: string;
  state: DeviceState;
  events: readonly RemoteEvent[];
  /** Of the envelope. */
  seconds: number;
}

export interface Taken {
  /** Base names of agents here that have mail now. */
  reached: string[];
  /** There is more than came: ask for what is behind our cursor. */
  isBehind: boolean;
  /** It holds a short id that is ours, or that we know as another one's. */
  collision: "ours" | "known" | undefined;
}

const nothing: Taken = { reached: [], isBehind: false, collision: undefined };

export function receive(bus: Bus, self: Self, received: Received): Taken {
  return bus.db.write(() => {
    const { device, state } = received;
    if (state.short === self.short) return { ...nothing, collision: "ours" as const };
    const holder = deviceByShort(bus.db, state.short);
    if (holder !== undefined && holder.uuid !== device) {
      if (holder.gone_at === null) return { ...nothing, collision: "known" as const };
      putDevice(bus.db, { ...holder, short: `${holder.short}~${holder.uuid.slice(0, 8)}` });
    }
    return take(bus, self, received);
  });
}

function take(bus: Bus, self: Self, received: Received): Taken {
  const { device, state, seconds } = received;
  const now = bus.system.now() / 1000;
  const before = deviceByUuid(bus.db, device);
  announce(bus, before, received, now);
  const row = begun(bus, before, received, now);
  const isOlder = isOutrun(before, state);
  if (!isOlder) {
    mirrorAgents(bus, device, state);
    mirrorChannels(bus, self, received);
  }
  for (const event of received.events) settleAnswer(bus, event, now);
  const from = importFrom(row, received);
  const taken =
    from === undefined
      ? { reached: [], upTo: row.cursor ?? 0, isWhole: false }
      : importEvents(bus, self, {
          device,
          short: state.short,
          after: from,
          events: received.events,
        });
  const ends = taken.isWhole ? coveredBy(received) : 0;
  const cursor = Math.max(taken.upTo, ends);
  const head = Math.max(row.head, cursor, state.ledger?.head ?? 0);
  const seen = takeReceipts(bus, {
    device,
    short: state.short,
    seen: row.seen,
    state,
    self: self.uuid,
  });
  dropReceipts(bus.db, device, state.ledger?.seen[self.uuid] ?? 0);
  const watermark = Math.max(row.watermark, seconds);
  putDevice(bus.db, { ...row, cursor, head, seen, watermark });
  return { reached: taken.reached, isBehind: cursor < head, collision: undefined };
}

/** The transport may change the order: what is older than what we have tells no news of agents. */
function isOutrun(before: DeviceRow | undefined, { ledger }: DeviceState): boolean {
  return (
    before !== undefined &&
    ledger !== undefined &&
    ledger.epoch === before.epoch &&
    ledger.head < before.head
  );
}

function coveredBy({ state, events }: Received): number {
  return state.ledger?.head ?? Math.max(0, ...events.map((one) => one.id));
}

/** What we knew of it, with what it says now; anew where its log began anew. */
function begun(
  bus: Bus,
  before: DeviceRow | undefined,
  received: Received,
  now: number,
): DeviceRow {
  const { device, state, seconds } = received;
  const base: DeviceRow = before ?? {
    ...{ uuid: device, first_seen: now, watermark: 0, cursor: null, head: 0, seen: 0 },
    ...{ short: "", capabilities: null, max_packet: null, has_ledger: 0, synced_at: now },
    ...{ reset_at: 0, skew: 0, epoch: "", gone_at: null },
  };
  const isAnew = before !== undefined && hasBegunAnew(bus, before, received);
  if (isAnew) {
    forgetEventsOf(bus.db, device);
    removeAgentsOf(bus.db, device);
  }
  const row: DeviceRow = {
    ...base,
    short: state.short,
    capabilities: state.capabilities === undefined ? null : JSON.stringify(state.capabilities),
    max_packet: state.maxPacket ?? null,
    has_ledger: state.ledger === undefined ? 0 : 1,
    epoch: state.ledger?.epoch ?? "",
    synced_at: now,
    reset_at: Math.max(base.reset_at, state.resetAt),
    skew: seconds - now,
    gone_at: null,
    ...(isAnew ? { cursor: 0, head: 0 } : {}),
  };
  putDevice(bus.db, row);
  return row;
}

/**
 * By its own word. Older programs do not say: then by an event of theirs that has become another.
 */
function hasBegunAnew(bus: Bus, before: DeviceRow, { device, state, events }: Received): boolean {
  if (state.ledger !== undefined) return before.epoch !== "" && state.ledger.epoch !== before.epoch;
  if (state.resetAt > before.reset_at) return true;
  return events.some((event) => {
    const known = localEvent(bus.db, device, event.id);
    const row = known === undefined ? undefined : getEvent(bus.db, known);
    return row !== undefined && isoForm.test(event.timestamp) && row.timestamp !== event.timestamp;
  });
}

/** Behind which event to go on; undefined when some between are missing. */
function importFrom(row: DeviceRow, { state, events }: Received): number | undefined {
  const since = state.ledger?.since;
  if (row.cursor === null) return since ?? 0;
  if (since !== undefined) return since > row.cursor ? undefined : row.cursor;
  // What was imported is known one by one, so that a lower number is no harm.
  return Math.max(0, ...events.map((one) => one.id)) < row.cursor ? 0 : row.cursor;
}

interface Run {
  device: string;
  short: string;
  after: number;
  events: readonly RemoteEvent[];
  /** Those that are cut are taken as they are: the rest cannot be had. */
  takesCut?: boolean;
}

/** In the order of their numbers, up to one whose whole text is still to be fetched. */
export function importEvents(
  bus: Bus,
  self: Self,
  run: Run,
): { reached: string[]; upTo: number; isWhole: boolean } {
  const reached = new Set<string>();
  const canFetch = run.takesCut !== true && deviceByUuid(bus.db, run.device)?.has_ledger === 1;
  let upTo = run.after;
  const sorted = [...run.events].sort((a, b) => a.id - b.id);
  for (const event of sorted) {
    if (event.id <= upTo) continue;
    if (isCut(event) && canFetch && !isOnlyForItself(event))
      return { reached: [...reached], upTo, isWhole: false };
    for (const name of importOne(bus, self, run, event)) reached.add(name);
    upTo = event.id;
  }
  return { reached: [...reached], upTo, isWhole: true };
}

/** Names of the agents here that it is for. */
function importOne(bus: Bus, self: Self, run: Run, event: RemoteEvent): string[] {
  const { device, short } = run;
  if (event.data["_relay"] !== undefined) return [];
  if (localEvent(bus.db, device, event.id) !== undefined) return [];
  const planned = importPlan(event, {
    device,
    short,
    self: self.short,
    localId: (id, of) => {
      const origin = of === undefined ? device : deviceByShort(bus.db, of)?.uuid;
      return origin === undefined ? undefined : localEvent(bus.db, origin, id);
    },
  });
  if (planned === undefined) return [];
  const timestamp = planned.timestamp === "" ? isoTime(bus.system.now()) : planned.timestamp;
  const data = isCut(event) ? saysItIsCut(planned.data) : planned.data;
  const append = (here: ImportedEvent) => {
    const id = appendEvent(bus.db, here);
    addOrigin(bus.db, { eventId: id, device, remoteId: event.id });
    return id;
  };
  const here = { ...planned, data, timestamp };
  if (planned.type === "message") bus.db.afterCommit("stir", () => stirAll(bus));
  const post = importPost(bus, { device, self: self.uuid }, here, append);
  if (post !== undefined) {
    const why = "it is not in the channel any more, or has muted it";
    sayMissing(bus, planned.data, { device, remoteId: event.id, here: post.here, why });
    return post.here;
  }
  const id = append(here);
  if (planned.type === "life") followRename(bus, device, planned.data);
  return planned.type === "message"
    ? deliver(bus, planned, { id, device, remoteId: event.id })
    : [];
}

function saysItIsCut(data: Record<string, unknown>): Record<string, unknown> {
  return { ...data, text: `${asText(data["text"]) ?? ""} [cut by its device: it was too long]` };
}

interface Arrived {
  id: number;
  device: string;
  remoteId: number;
}

function deliver(bus: Bus, { data }: ImportedEvent, arrived: Arrived): string[] {
  if (typeof data["text"] !== "string") return [];
  const now = bus.system.now() / 1000;
  const isBroadcast = data["scope"] !== "mentions";
  const mentions = asTexts(data["mentions"]);
  const here = isBroadcast
    ? listInstances(bus.db).filter((row) => row.origin_device_id === "")
    : mentions.flatMap((name) => agentHere(bus, name) ?? []);
  storeDeliveries(
    bus.db,
    arrived.id,
    here.map(({ name, principal }) => ({ name, principal })),
    now,
  );
  if (isBroadcast || mentions.includes(human)) storeForHuman(bus, arrived.id, !isBroadcast);
  const names = here.map((row) => row.name);
  const why = "no such agent there any more";
  sayMissing(bus, data, { ...arrived, here: names, why });
  joinThread(bus, data, mentions, now);
  return names;
}

/** Threads are the same on all devices: who answers here reaches those who spoke there. */
function joinThread(
  bus: Bus,
  data: Record<string, unknown>,
  mentions: string[],
  now: number,
): void {
  const thread = asText(data["thread"]);
  const from = asText(data["from"]);
  if (thread === undefined || from === undefined) return;
  const members = [from, ...mentions].filter((name) => getInstance(bus.db, name) !== undefined);
  addThreadMembers(bus.db, { thread, members, now, lastId: maxEventId(bus.db) });
}

export const tooLarge = { error: "its answer fits through no publish of this broker" } as const;

/** An answer is for whoever waits for it, and for nobody's log. */
function settleAnswer(bus: Bus, event: RemoteEvent, now: number): void {
  if (event.type !== "rpc_result" || !isOnlyForItself(event)) return;
  const id = asText(event.data["request_id"]);
  if (id === undefined) return;
  const isTooLarge = isCut(event) && event.data["result"] === undefined;
  const result = JSON.stringify(isTooLarge ? tooLarge : (event.data["result"] ?? null));
  answerRequest(bus.db, { id, ok: event.data["ok"] === true && !isTooLarge, result, now });
}

/** Devices come and go: said in the log here, and told to nobody else. */
function announce(
  bus: Bus,
  before: DeviceRow | undefined,
  { device, state }: Received,
  now: number,
): void {
  const isBack =
    before !== undefined && (before.gone_at !== null || now - before.synced_at > awayAfter);
  if (before !== undefined && !isBack) return;
  sayPresence(bus, "relay_device_join", { uuid: device, short: state.short, isBack });
}

export function sayPresence(
  bus: Bus,
  action: "relay_device_join" | "relay_device_leave",
  of: { uuid: string; short: string; isBack?: boolean; why?: string },
): void {
  const joined = of.isBack === true ? "is back" : "joined the group";
  const text = `device ${of.short} ${action === "relay_device_join" ? joined : (of.why ?? "left")}`;
  const data = {
    action,
    short_id: of.short,
    device_id: of.uuid.slice(0, 8),
    text,
    ...(of.isBack === true ? { reconnect: true } : {}),
  };
  appendEvent(bus.db, { type: "life", instance: "", data, timestamp: isoTime(bus.system.now()) });
}
