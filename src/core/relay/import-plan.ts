// What an event of another device becomes in the log here: names get the device behind them, our
// own loses it, and what replies to one of our messages says so in our numbering.
import { human } from "../instance.ts";
import { asText, asTexts } from "../json.ts";
import { parseEventRef } from "../names/address.ts";
import { printable } from "../printable.ts";
import type { RemoteEvent } from "./payload.ts";

export interface Origin {
  /** The sender's device. */
  device: string;
  short: string;
  /** Of this device. */
  self: string;
  /** The local number of an event of that device; with a short id: of the device called so. */
  localId(id: number, short: string | undefined): number | undefined;
}

export interface ImportedEvent {
  timestamp: string;
  type: string;
  instance: string;
  data: Record<string, unknown>;
}

export const isoForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)$/;

/** Undefined: of no use on another device. */
export function importPlan(event: RemoteEvent, origin: Origin): ImportedEvent | undefined {
  if (isOnlyForItself(event)) return undefined;
  return {
    timestamp: isoForm.test(event.timestamp) ? event.timestamp : "",
    type: event.type,
    instance: abroad(printable(event.instance), origin.short),
    data: dataHere(event, origin),
  };
}

/** Notices of a device to its own, its own life, and answers that somebody there waits for. */
export function isOnlyForItself(event: Pick<RemoteEvent, "type" | "instance" | "data">): boolean {
  if (event.type === "control" || event.type === "rpc_result") return true;
  if (event.instance === "_device" || event.instance.startsWith("sys_")) return true;
  const action = event.type === "life" ? asText(event.data["action"]) : undefined;
  return action?.startsWith("relay_device_") === true;
}

function dataHere(event: RemoteEvent, origin: Origin): Record<string, unknown> {
  const { reply_to_local: _theirs, ...data } = event.data;
  const here = (names: unknown) => asTexts(names).map((name) => nameHere(name, origin));
  const reply = replyHere(asText(data["reply_to"]), origin);
  return {
    ...data,
    ...(typeof data["from"] === "string"
      ? { from: abroad(printable(data["from"]), origin.short) }
      : {}),
    ...(Array.isArray(data["mentions"]) ? { mentions: here(data["mentions"]) } : {}),
    ...(Array.isArray(data["delivered_to"]) ? { delivered_to: here(data["delivered_to"]) } : {}),
    ...(reply === undefined ? {} : { reply_to_local: reply }),
    ...renameHere(event, origin),
    _relay: { device: origin.device, short: origin.short, id: event.id },
  };
}

/** Its principals mean nothing elsewhere: an agent of another device is known by its name there. */
function renameHere({ type, data }: RemoteEvent, { device, short }: Origin): object {
  const to = asText(data["to"]);
  if (type !== "life" || data["action"] !== "renamed" || to === undefined) return {};
  return { to: abroad(printable(to), short), principal: remotePrincipal(device, to) };
}

/** The ledger's word for an agent of another device. */
export function remotePrincipal(device: string, base: string): string {
  return `${device}/${base}`;
}

/** A name as that device writes it, as we write it: `luna` of BOXE is `luna:BOXE`. */
function nameHere(name: string, { short, self }: Origin): string {
  if (name === human) return name;
  return name.includes(":") ? atHome(name, self) : abroad(name, short);
}

/** A full name as the device of that short id writes it. */
export function atHome(name: string, self: string): string {
  const at = name.lastIndexOf(":");
  return at > 0 && name.slice(at + 1).toUpperCase() === self ? name.slice(0, at) : name;
}

/** A name of one device as others write it. */
export function abroad(name: string, short: string): string {
  return name === "" || name.includes(":") || name.startsWith("_") ? name : `${name}:${short}`;
}

function replyHere(reference: string | undefined, origin: Origin): number | undefined {
  const ref = reference === undefined ? undefined : parseEventRef(reference);
  if (ref === undefined) return undefined;
  if (ref.device === origin.self) return ref.id;
  return origin.localId(ref.id, ref.device);
}
