// What the parts of the worker share while it runs: who we are, the connection, and what was said.
import type { Bus } from "../../bus/bus.ts";
import type { RelayConfig } from "../../config/relay.ts";
import { nothingLeftOut } from "../../core/relay/fit-state.ts";
import { type ReplayGuard, replayGuard } from "../../core/relay/replay.ts";
import type { Self } from "../device.ts";
import type { Runtime } from "../runtime.ts";
import type { Session } from "./session.ts";

export interface Station {
  bus: Bus;
  config: RelayConfig;
  self: Self;
  session: Session | undefined;
  guard: ReplayGuard;
  /** How we are, as others see it. */
  shown: Omit<Runtime, "pid" | "start">;
  /** Nothing in the log up to here is still to go out. */
  scanned: number;
  /** Largest publish in bytes; less when a broker drops large ones. */
  budget: number;
  /** Publishes that went through our hands since memory was given back, and the last one's time. */
  handled: number;
  handledAt: number;
  /** Publishes in a row that the broker did not confirm. */
  failures: number;
  /** Devices that are to be told how far their receipts came. */
  owed: Set<string>;
  /** Nonces of ours: brokers of MQTT 3.1.1 send them back. */
  sent: Set<string>;
  /** Something may have to go out. */
  schedule(): void;
  /** Shows `shown`. */
  show(): void;
  /** To the program's log, each once in an hour. */
  say(event: string, msg: string): void;
  /** Leaves the group and ends. */
  leave(): void;
}

const sayEveryMs = 3_600_000;

/** At most 96 KiB a publish with all that is around it: older programs take 128. */
const usualBudget = 98_304 - 512;

export function newStation(
  bus: Bus,
  config: RelayConfig,
  self: Self,
  hooks: Pick<Station, "schedule" | "show" | "leave">,
): Station {
  const said = new Map<string, number>();
  return {
    bus,
    config,
    self,
    session: undefined,
    guard: replayGuard(),
    shown: {
      status: "connecting",
      error: undefined,
      broker: undefined,
      roundTripMs: undefined,
      lastPush: undefined,
      leftOut: nothingLeftOut,
      problems: [],
    },
    scanned: 0,
    budget: usualBudget,
    ...{ handled: 0, handledAt: 0 },
    failures: 0,
    owed: new Set(),
    sent: new Set(),
    ...hooks,
    say(event, msg) {
      const key = `${event} ${msg}`;
      const now = bus.system.monotonic();
      if (now - (said.get(key) ?? Number.NEGATIVE_INFINITY) < sayEveryMs) return;
      if (said.size > 1000) said.clear();
      said.set(key, now);
      bus.system.log({ level: "warn", subsystem: "relay", event, msg });
    },
  };
}

export function noteHandled(station: Station): void {
  station.handled++;
  station.handledAt = station.bus.system.monotonic();
}

/** Once, among what a person should know. */
export function addProblem(station: Station, sentence: string): void {
  if (station.shown.problems.includes(sentence)) return;
  station.shown.problems = [...station.shown.problems.slice(-4), sentence];
  station.say("problem", sentence);
  station.show();
}
