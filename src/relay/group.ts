// Makes a group, joins one, leaves it: what `[relay]` of the settings says, and what is forgotten
// with an old group. Nothing is changed before the new one is known to be sound.
import type { Bus } from "../bus/bus.ts";
import { type RelayConfig, readRelay } from "../config/relay.ts";
import { editRelay } from "../config/relay-edit.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { type Broker, brokerUrl, parseBroker, publicBrokers } from "../core/relay/broker.ts";
import { decodeToken, encodeToken, type Group, toBase64Url } from "../core/relay/token.ts";
import { leaveSharedChannels } from "../store/relay/channels.ts";
import { forgetGroup, listDevices } from "../store/relay/devices.ts";
import { putQuestion } from "./ask.ts";
import { self } from "./device.ts";
import { type Probe, probe } from "./probe.ts";
import { beginSharing } from "./worker/publish.ts";

export interface Wish {
  broker: string | undefined;
  password: string | undefined;
  ca: string | undefined;
  /** What was said here before is for the group, too. */
  sharesHistory: boolean;
}

export type Tried = { url: string } & Probe;

/** A new group, at the first broker that is there; all that were tried, in order of preference. */
export async function makeGroup(bus: Bus, wish: Wish): Promise<{ group: Group; tried: Tried[] }> {
  const brokers = wish.broker === undefined ? publicBrokers : [brokerOf(wish.broker)];
  const tried = await Promise.all(brokers.map((one) => tryBroker(one, wish.ca)));
  const found = tried.find((one) => one.ok);
  if (found === undefined) throw unreachable(tried);
  const key = crypto.getRandomValues(new Uint8Array(32));
  const group: Group = { id: bus.system.uuid(), key, url: found.url };
  enter(bus, group, wish);
  return { group, tried };
}

/** The group of a token; its broker may be away just now. */
export async function joinGroup(
  bus: Bus,
  token: string,
  wish: Wish,
): Promise<{ group: Group; tried: Tried }> {
  const group = groupOf(token);
  const broker = brokerOf(wish.broker ?? group.url);
  const tried = await tryBroker(broker, wish.ca);
  const joined = { ...group, url: brokerUrl(broker) };
  enter(bus, joined, wish);
  return { group: joined, tried };
}

function groupOf(token: string): Group {
  const read = decodeToken(token);
  if (read.kind === "group") return read.group;
  if (read.kind === "keyless") {
    throw new Refusal({
      code: "old_token",
      message: "this token is of an older hcom: it holds no key, and nothing is sent unencrypted",
      hint: "on the device it comes from run: hcom relay new",
    });
  }
  throw new Refusal({
    code: "bad_token",
    exit: exitCode.usage,
    message: "this is no token of a group; it may have lost its beginning or end on the way",
    hint: "show it again on a device of the group: hcom relay token",
  });
}

export function brokerOf(text: string): Broker {
  const broker = parseBroker(text);
  if (broker !== undefined) return broker;
  throw new Refusal({
    code: "bad_broker",
    exit: exitCode.usage,
    message: `${text} is no broker`,
    hint: "write mqtts://host:port, or mqtt://host:port without TLS",
  });
}

async function tryBroker(broker: Broker, ca: string | undefined): Promise<Tried> {
  return { url: brokerUrl(broker), ...(await probe(broker, ca)) };
}

function unreachable(tried: readonly Tried[]): Refusal {
  const each = tried.map((one) => `${one.url}: ${one.ok ? "" : one.why}`).join("; ");
  return new Refusal({
    code: "no_broker",
    message: `no broker can be reached, and nothing was changed (${each})`,
    hint: "name one of yours: hcom relay new --broker mqtts://host:port",
  });
}

function enter(bus: Bus, group: Group, wish: Wish): void {
  const before = readRelay(bus.paths);
  editRelay(bus.paths, {
    url: group.url,
    id: group.id,
    psk: toBase64Url(group.key),
    token: wish.password ?? "",
    enabled: true,
    ...(wish.ca === undefined ? {} : { ca: wish.ca }),
  });
  const isSame = before.kind === "ready" && before.config.group.id === group.id;
  if (!isSame) {
    forgetGroup(bus.db);
    leaveSharedChannels(bus.db);
  }
  beginSharing(bus, wish.sharesHistory);
}

export function requireRelay(bus: Bus): RelayConfig {
  const setup = readRelay(bus.paths);
  if (setup.kind === "ready") return setup.config;
  if (setup.kind === "broken") {
    throw new Refusal({
      code: "relay_broken",
      message: setup.problem,
      hint: "join again (hcom relay connect TOKEN), or make a new group: hcom relay new",
    });
  }
  throw new Refusal({
    code: "no_relay",
    message: "this machine is in no group",
    hint: "make one: hcom relay new; or join one: hcom relay connect TOKEN",
  });
}

export function tokenOf(config: RelayConfig): string {
  return encodeToken(config.group);
}

export function setEnabled(bus: Bus, isEnabled: boolean): void {
  editRelay(bus.paths, { enabled: isEnabled });
}

/** Asks every other device to leave, too; nobody promises that it hears it. */
export function askAllToLeave(bus: Bus): { ids: string[]; devices: string[] } {
  const own = self(bus).uuid;
  const devices = listDevices(bus.db).filter((one) => one.gone_at === null && one.uuid !== own);
  const shorts = devices.map((one) => one.short);
  const ids = shorts.map((target) => putQuestion(bus, { target, action: "relay_off", params: {} }));
  return { ids, devices: shorts };
}
