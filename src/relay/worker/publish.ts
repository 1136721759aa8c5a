// What this device publishes of itself: its agents, what happened since it last did, and what it
// owes others of their messages. The cursor moves when the broker has it, not before.
import type { Bus } from "../../bus/bus.ts";
import type { EventRow } from "../../core/event.ts";
import type { Instance } from "../../core/instance.ts";
import { parseJson } from "../../core/json.ts";
import { bytesOf, fillBatch } from "../../core/relay/batch.ts";
import { isRemoteBase } from "../../core/relay/device.ts";
import { fitState, nothingLeftOut } from "../../core/relay/fit-state.ts";
import {
  type DeviceState,
  type LeftOut,
  maxPacket,
  type RemoteAgent,
  type RemoteEvent,
  readEvent,
  stateJson,
} from "../../core/relay/payload.ts";
import type { SharedChannel } from "../../core/relay/shared-channel.ts";
import { maxEventId } from "../../store/events.ts";
import { listInstances } from "../../store/instances.ts";
import { getKv, setKv } from "../../store/kv.ts";
import { listShared, ownMembers } from "../../store/relay/channels.ts";
import { listDevices, ownShortKey } from "../../store/relay/devices.ts";
import {
  eventsMissed,
  lastReset,
  notePublished,
  outgoingEvents,
} from "../../store/relay/outgoing.ts";
import { openReceipts } from "../../store/relay/receipts.ts";
import type { Self } from "../device.ts";

export interface Push {
  text: string;
  short: string;
  /** Of the state alone: the same again need not go out. */
  stateText: string;
  after: number;
  upTo: number;
  count: number;
  isAll: boolean;
  leftOut: LeftOut;
}

export interface PushWish {
  capabilities: readonly string[];
  /** Bytes of JSON that a publish may have. */
  budget: number;
  /** Nothing in the log up to here is still to go out. */
  scanned: number;
  /** Devices that are to be told how far their receipts came. */
  owed: ReadonlySet<string>;
}

/** Bytes that no state takes from what happened. */
const roomForEvents = 4096;
/** The words around state and events, and the numbers that are filled in. */
const aroundEvents = 150;
const pageSize = 50;
const mostPages = 10;
const mostReceipts = 200;
/** Programs that do not ask for what they missed find as many in what the broker keeps. */
const tail = 50;

export function nextPush(bus: Bus, self: Self, wish: PushWish): Push {
  return bus.db.read(() => {
    const pushed = pushedUpTo(bus);
    const newest = maxEventId(bus.db);
    const devices = listDevices(bus.db);
    const state = stateOf(
      bus,
      self,
      wish,
      devices.map(({ uuid, seen }) => ({ uuid, seen })),
    );
    const bare = stateTextOf(state, 0, 0, epochOf(bus));
    const room = Math.max(roomForEvents, wish.budget - bytesOf(bare) - aroundEvents);
    const wantsTail = devices.some((one) => one.has_ledger === 0 && one.gone_at === null);
    const scanned = Math.max(pushed, wish.scanned);
    const fresh = batchOf(outgoingEvents, bus, { after: scanned, newest, room });
    const from = Math.max(pushed - tail, floorOf(bus));
    const wide =
      wantsTail && fresh.isAll
        ? batchOf(outgoingEvents, bus, { after: from, newest, room })
        : undefined;
    const batch = wide?.isAll === true ? wide : fresh;
    const after = batch === wide ? from : pushed;
    const stateText = stateTextOf(state, after, batch.upTo, epochOf(bus));
    const text = `{"state":${stateText},"events":[${batch.events.join(",")}]}`;
    return {
      text,
      short: self.short,
      stateText: bare,
      after: pushed,
      upTo: batch.upTo,
      count: fresh.events.length,
      isAll: batch.isAll,
      leftOut: state.leftOut,
    };
  });
}

/** The broker has it. */
export function notePushed(bus: Bus, push: Push): void {
  const now = bus.system.now() / 1000;
  bus.db.write(() => {
    if (getKv(bus.db, ownShortKey) !== push.short) setKv(bus.db, ownShortKey, push.short);
    if (push.upTo <= pushedUpTo(bus)) return;
    setKv(bus.db, pushedKey, String(push.upTo));
    notePublished(bus.db, { after: push.after, upTo: push.upTo, now });
  });
}

/** Events for who missed them, oldest first; `upTo`: all until there are in it. */
export function eventsFor(
  bus: Bus,
  range: { after: number; newest: number; budget: number },
): { events: unknown[]; upTo: number } {
  const after = Math.max(range.after, floorOf(bus));
  const { newest, budget } = range;
  const batch = batchOf(eventsMissed, bus, { after, newest, room: budget });
  return { events: batch.events.map(parseJson), upTo: batch.upTo };
}

interface Range {
  after: number;
  newest: number;
  /** Bytes. */
  room: number;
}

/** Page by page: what does not fit is not read, and a message may be large. */
function batchOf(page: typeof outgoingEvents, bus: Bus, { after, newest, room }: Range) {
  let read = after;
  let isEnd = false;
  function* events(): Generator<RemoteEvent> {
    for (let pages = 0; pages < mostPages && !isEnd; pages++) {
      const rows = page(bus.db, { after: read, upTo: newest, limit: pageSize });
      isEnd = rows.length < pageSize;
      for (const row of rows) {
        read = row.id;
        const event = eventOf(row);
        if (event !== undefined) yield event;
      }
    }
  }
  const batch = fillBatch(events(), room);
  if (!batch.isAll) return { events: batch.events, upTo: batch.upTo ?? read, isAll: false };
  return { events: batch.events, upTo: isEnd ? Math.max(newest, after) : read, isAll: isEnd };
}

export function eventOf(row: EventRow): RemoteEvent | undefined {
  const { id, timestamp: ts, type, instance } = row;
  return readEvent({ id, ts, type, instance, data: parseJson(row.data) });
}

function stateOf(
  bus: Bus,
  self: Self,
  wish: PushWish,
  devices: readonly { uuid: string; seen: number }[],
): DeviceState {
  const seen = devices.filter(({ uuid }) => wish.owed.has(uuid));
  const state: DeviceState = {
    short: self.short,
    resetAt: lastReset(bus.db),
    capabilities: [...wish.capabilities],
    maxPacket,
    agents: listInstances(bus.db).filter(isOwn).map(agentOf),
    channels: channelsOf(bus, self),
    leftOut: nothingLeftOut,
    ledger: {
      ...{ epoch: "", since: 0, head: 0 },
      receipts: openReceipts(bus.db, { receipts: mostReceipts, bytes: wish.budget / 3 }),
      seen: Object.fromEntries(seen.map((one) => [one.uuid, one.seen])),
    },
  };
  const around = bytesOf(stateTextOf({ ...state, agents: [], channels: [] }, 0, 0, epochOf(bus)));
  return fitState(state, wish.budget - around - aroundEvents - roomForEvents);
}

function stateTextOf(state: DeviceState, since: number, head: number, epoch: string): string {
  const { ledger } = state;
  if (ledger === undefined) return JSON.stringify(stateJson(state));
  return JSON.stringify(stateJson({ ...state, ledger: { ...ledger, since, head, epoch } }));
}

/** Those that were made here, and those that agents here are in. */
function channelsOf({ db }: Bus, self: Self): SharedChannel[] {
  return listShared(db).flatMap((row) => {
    const members = ownMembers(db, row).filter(isRemoteBase);
    if (row.owner !== "" && members.length === 0) return [];
    const { name, type, max, ttl, createdAt, remoteId: id } = row;
    return { owner: row.owner || self.uuid, id, name, type, max, ttl, createdAt, members };
  });
}

function isOwn(row: Instance): boolean {
  return row.origin_device_id === "" && isRemoteBase(row.name);
}

function agentOf(row: Instance): RemoteAgent {
  return {
    base: row.name,
    status: row.status,
    context: beginning(row.status_context),
    detail: beginning(row.status_detail),
    statusTime: row.status_time,
    lastStop: row.last_stop,
    parent: row.parent_name,
    tag: row.tag,
    directory: row.directory,
    transcript: row.transcript_path,
    tool: row.tool,
    waitTimeout: row.wait_timeout ?? 86_400,
    isBackground: row.background === 1,
  };
}

/** What an agent is at: enough to be shown, and no reason for a publish that is too large. */
function beginning(text: string): string {
  return text.slice(0, 500).toWellFormed();
}

const pushedKey = "relay_pushed";
const floorKey = "relay_floor";
const epochKey = "relay_epoch";

export function pushedUpTo(bus: Bus): number {
  return Number(getKv(bus.db, pushedKey) ?? 0);
}

function floorOf(bus: Bus): number {
  return Number(getKv(bus.db, floorKey) ?? 0);
}

/** Which log our numbers are of; made with the first look, after a reset anew. */
function epochOf(bus: Bus): string {
  return getKv(bus.db, epochKey) ?? "";
}

/** Before the first push: what happened until then stays here, unless its owner shares it. */
export function beginSharing(bus: Bus, sharesHistory: boolean): void {
  bus.db.write(() => {
    if (getKv(bus.db, epochKey) !== undefined) return;
    setKv(bus.db, epochKey, bus.system.uuid().slice(0, 8));
    const newest = sharesHistory ? 0 : maxEventId(bus.db);
    setKv(bus.db, floorKey, String(newest));
    setKv(bus.db, pushedKey, String(newest));
  });
}
