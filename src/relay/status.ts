// How the relay is: health, what waits to go out, and who else is in the group. No network.
import type { Bus } from "../bus/bus.ts";
import { type RelayConfig, readRelay } from "../config/relay.ts";
import { nothingLeftOut } from "../core/relay/fit-state.ts";
import type { Health } from "../core/relay/health.ts";
import type { LeftOut } from "../core/relay/payload.ts";
import { countOutgoing } from "../store/relay/outgoing.ts";
import { type Peer, peers } from "./beside.ts";
import { self } from "./device.ts";
import { health, readRuntime } from "./runtime.ts";
import { fingerprint } from "./seal.ts";
import { pushedUpTo } from "./worker/publish.ts";

export interface RelayStatus {
  health: Health;
  config: RelayConfig | undefined;
  /** The broker in use now. */
  broker: string | undefined;
  roundTripMs: number | undefined;
  /** Short id of this device. */
  device: string | undefined;
  fingerprint: string | undefined;
  /** Events that are still to go out. */
  queued: number;
  /** Seconds ago. */
  lastPush: number | undefined;
  devices: Peer[];
  problems: string[];
}

export function relayStatus(bus: Bus): RelayStatus {
  const setup = readRelay(bus.paths);
  const config = setup.kind === "ready" ? setup.config : undefined;
  const runtime = readRuntime(bus);
  const now = bus.system.now() / 1000;
  const devices = config === undefined ? [] : peers(bus);
  const off = devices.filter((one) => one.skew !== undefined && one.presence === "online");
  return {
    health: health(bus, setup),
    config,
    broker: runtime?.broker ?? config?.group.url,
    roundTripMs: runtime?.roundTripMs,
    device: config === undefined ? undefined : self(bus).short,
    fingerprint: config === undefined ? undefined : fingerprint(config.group.key),
    queued: config === undefined ? 0 : countOutgoing(bus.db, pushedUpTo(bus)),
    lastPush: runtime?.lastPush === undefined ? undefined : now - runtime.lastPush,
    devices,
    problems: [
      ...(runtime?.problems ?? []),
      ...off.map(skewSentence),
      ...leftOutSentence(runtime?.leftOut),
    ],
  };
}

function skewSentence({ short, skew = 0 }: Peer): string {
  const by = `${Math.round(Math.abs(skew))} s ${skew > 0 ? "ahead of" : "behind"}`;
  return `the clock of ${short} is ${by} ours: above 60 s, requests between the two are refused`;
}

function leftOutSentence(leftOut: LeftOut = nothingLeftOut): string[] {
  const { agents, channels } = leftOut;
  const parts = [
    ...(agents === 0 ? [] : [agents === 1 ? "1 agent" : `${agents} agents`]),
    ...(channels === 0 ? [] : [channels === 1 ? "1 channel" : `${channels} channels`]),
  ];
  if (parts.length === 0) return [];
  const what = parts.join(" and ");
  return [`${what} of this machine fit through no publish: others do not see them (docs/scale.md)`];
}
