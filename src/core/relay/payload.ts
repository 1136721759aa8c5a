// What a device says of itself and what happened there, as JSON: written and read here. What comes
// in is of another machine and perhaps of another program; nothing of it is believed by its form.
import { asList, asNumber, asObject, asText, asTexts, isObject, parseJson } from "../json.ts";
import { type Status, statuses } from "../status.ts";
import { isRemoteBase, shortIdOf } from "./device.ts";
import { type Receipt, readReceipts } from "./receipt.ts";
import { readSharedChannels, type SharedChannel, sharedJson } from "./shared-channel.ts";

export interface RemoteAgent {
  /** Its name on its own device. */
  base: string;
  status: Status;
  context: string;
  detail: string;
  /** Epoch seconds, whole. */
  statusTime: number;
  lastStop: number;
  parent: string | null;
  tag: string | null;
  directory: string | null;
  transcript: string;
  tool: string;
  waitTimeout: number;
  isBackground: boolean;
}

export interface RemoteEvent {
  id: number;
  timestamp: string;
  type: string;
  instance: string;
  data: Readonly<Record<string, unknown>>;
}

/** What only this program adds; others do not read it. */
export interface Ledger {
  /** Which log the numbers are of: another one after a reset. */
  epoch: string;
  /** The events here are all that there are behind this id, up to `head`. */
  since: number;
  head: number;
  /** By the uuid of the device whose messages they are about. */
  receipts: Readonly<Record<string, readonly Receipt[]>>;
  /** By device: up to where its receipts have come in here. */
  seen: Readonly<Record<string, number>>;
}

/** What did not fit through the broker: those others do not see. */
export interface LeftOut {
  agents: number;
  channels: number;
}

export interface DeviceState {
  short: string;
  /** Epoch seconds; 0 = never. */
  resetAt: number;
  /** Undefined: an older program that does not say. */
  capabilities: string[] | undefined;
  maxPacket: number | undefined;
  agents: RemoteAgent[];
  /** Of the group: those it made, and those that its agents are in. */
  channels: SharedChannel[];
  leftOut: LeftOut;
  ledger: Ledger | undefined;
}

export type StatePayload =
  | { kind: "state"; state: DeviceState; events: RemoteEvent[]; dropped: number }
  /** It left, and said so. */
  | { kind: "gone" }
  | { kind: "invalid" };

/** What we take in one publish, as we tell the broker and the others. */
export const maxPacket = 1_048_576;

export const tombstone = JSON.stringify({ state: null, events: [] });

export function readState(text: string): StatePayload {
  const parsed = parseJson(text);
  if (!isObject(parsed)) return { kind: "invalid" };
  const found = parsed["state"];
  if (found === null) return { kind: "gone" };
  const short = shortIdOf(asText(asObject(found)["short_id"]) ?? "");
  if (!isObject(found) || short === undefined) return { kind: "invalid" };
  const given = asList(parsed["events"]);
  const events = given.flatMap((one) => readEvent(one) ?? []);
  const instances = Object.entries(asObject(found["instances"]));
  const agents = instances.flatMap(([base, one]) => readAgent(base, one) ?? []);
  const dropped = given.length - events.length + instances.length - agents.length;
  const { capabilities } = found;
  return {
    kind: "state",
    state: {
      short,
      resetAt: asNumber(found["reset_ts"]) ?? 0,
      capabilities: Array.isArray(capabilities) ? asTexts(capabilities) : undefined,
      maxPacket: asNumber(found["max_packet"]),
      agents,
      channels: readSharedChannels(found["channels"]),
      leftOut: readLeftOut(asObject(found["left_out"])),
      ledger: readLedger(found["ledger"]),
    },
    events,
    dropped,
  };
}

export function readLeftOut(found: Readonly<Record<string, unknown>>): LeftOut {
  const count = (value: unknown) => Math.max(0, Math.floor(asNumber(value) ?? 0));
  return { agents: count(found["agents"]), channels: count(found["channels"]) };
}

function readAgent(base: string, value: unknown): RemoteAgent | undefined {
  if (!isRemoteBase(base) || !isObject(value)) return undefined;
  const status = statuses.find((one) => one === value["status"]) ?? "inactive";
  const parent = asText(value["parent"]) ?? null;
  return {
    base,
    status,
    context: asText(value["context"]) ?? "",
    detail: asText(value["detail"]) ?? "",
    statusTime: Math.floor(asNumber(value["status_time"]) ?? 0),
    lastStop: Math.floor(asNumber(value["last_stop"]) ?? 0),
    parent: parent !== null && isRemoteBase(parent) ? parent : null,
    tag: tagOf(value["tag"]),
    directory: asText(value["directory"]) ?? null,
    transcript: asText(value["transcript"]) ?? "",
    tool: toolOf(value["tool"]),
    waitTimeout: Math.floor(asNumber(value["wait_timeout"]) ?? 86_400),
    isBackground: value["background"] === true,
  };
}

function tagOf(value: unknown): string | null {
  const tag = asText(value);
  return tag !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(tag) ? tag : null;
}

function toolOf(value: unknown): string {
  const tool = asText(value) ?? "unknown";
  return /^[\w.-]{1,40}$/.test(tool) ? tool : "unknown";
}

/** Undefined: without what an event needs. */
export function readEvent(value: unknown): RemoteEvent | undefined {
  if (!isObject(value) || !isObject(value["data"])) return undefined;
  const { id, ts, type, instance } = value;
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id <= 0) return undefined;
  if (typeof type !== "string" || !/^[\w.:-]{1,64}$/.test(type)) return undefined;
  if (typeof instance !== "string" || instance.length > 200) return undefined;
  const timestamp = typeof ts === "number" ? String(ts) : asText(ts);
  if (timestamp === undefined || timestamp.length > 64) return undefined;
  return { id, timestamp, type, instance, data: value["data"] };
}

function readLedger(value: unknown): Ledger | undefined {
  if (!isObject(value)) return undefined;
  const since = asNumber(value["since"]);
  const head = asNumber(value["head"]);
  if (since === undefined || head === undefined || since < 0 || head < since) return undefined;
  const receipts = Object.entries(asObject(value["receipts"]));
  const seen = Object.entries(asObject(value["seen"]));
  return {
    epoch: asText(value["epoch"])?.slice(0, 64) ?? "",
    since,
    head,
    receipts: Object.fromEntries(receipts.map(([device, list]) => [device, readReceipts(list)])),
    seen: Object.fromEntries(
      seen.flatMap(([device, upTo]) => (typeof upTo === "number" ? [[device, upTo]] : [])),
    ),
  };
}

/** The state as others read it; names and defaults are theirs. */
export function stateJson(state: DeviceState): object {
  const instances = state.agents.map((one) => [one.base, agentJson(one)] as const);
  return {
    short_id: state.short,
    reset_ts: state.resetAt,
    capabilities: state.capabilities ?? [],
    ...(state.maxPacket === undefined ? {} : { max_packet: state.maxPacket }),
    instances: Object.fromEntries(instances),
    ...(state.channels.length === 0 ? {} : { channels: state.channels.map(sharedJson) }),
    ...(state.leftOut.agents + state.leftOut.channels === 0 ? {} : { left_out: state.leftOut }),
    ...(state.ledger === undefined ? {} : { ledger: state.ledger }),
  };
}

export function agentJson(one: RemoteAgent): object {
  return {
    enabled: true,
    status: one.status,
    context: one.context,
    detail: one.detail,
    status_time: one.statusTime,
    parent: one.parent,
    directory: one.directory,
    transcript: one.transcript,
    wait_timeout: one.waitTimeout,
    last_stop: one.lastStop,
    tcp_mode: false,
    tag: one.tag,
    tool: one.tool,
    background: one.isBackground,
  };
}

export function eventJson(event: RemoteEvent): object {
  const { id, timestamp: ts, type, instance, data } = event;
  return { id, ts, type, instance, data };
}
