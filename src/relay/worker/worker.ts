// The one process of a directory that talks to the broker: connects, comes back after every loss,
// says how it is, and takes its leave when it is told to end.
import { type Bus, reopenIfReplaced } from "../../bus/bus.ts";
import { watchWakes } from "../../bus/wake.ts";
import { type RelayConfig, type RelaySetup, readRelay } from "../../config/relay.ts";
import { editRelay } from "../../config/relay-edit.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { brokerUrl, parseBroker } from "../../core/relay/broker.ts";
import { groupFilter, stateTopic } from "../../core/relay/topic.ts";
import { self } from "../device.ts";
import {
  type Runtime,
  removeRuntime,
  signEveryMs,
  touchRuntime,
  workerLock,
  writeRuntime,
} from "../runtime.ts";
import { age } from "./aging.ts";
import { newAnswering } from "./answer.ts";
import { backoff } from "./backoff.ts";
import { copiedDevice, openEars } from "./in.ts";
import { openPump, publishTombstone } from "./out.ts";
import { openSession, SessionError, type SessionFailure } from "./session.ts";
import { addProblem, newStation, type Station } from "./station.ts";

export async function runWorker(bus: Bus): Promise<number> {
  using lock = workerLock(bus);
  if (!lock.tryAcquire()) return exitCode.error;
  const setup = readRelay(bus.paths);
  if (setup.kind !== "ready" || !setup.config.isEnabled) return exitCode.error;
  const life = newLife();
  const leave = () => {
    editRelay(bus.paths, { enabled: false });
    life.end();
  };
  const station = newStation(bus, setup.config, self(bus), {
    schedule: () => {},
    leave,
    show: () => writeRuntime(bus, station.shown),
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => life.end());
  using _signs = giveSigns(station, life);
  show(station, { status: "connecting" });
  const retry = backoff(bus.system.random);
  let brief = 0;
  for (let nth = 0; !life.isOver(); nth++) {
    let openedAt: number | undefined;
    const failure = await connected(station, life, brokerAt(station.config, nth), () => {
      openedAt = bus.system.monotonic();
    });
    if (failure === undefined || life.isOver()) break;
    const isBrief = openedAt !== undefined && bus.system.monotonic() - openedAt < briefMs;
    brief = isBrief ? brief + 1 : 0;
    if (openedAt !== undefined && !isBrief) retry.reset();
    // MQTT 3.1.1, and brokers that spare the reason, hang up on who is taken over without a word.
    const isContested = failure.kind === "taken_over" || brief >= mostBrief;
    show(station, { status: "error", error: failure.why });
    station.say(failure.kind, `${station.shown.broker}: ${failure.why}`);
    if (isContested) addProblem(station, copiedDevice);
    await life.sleep(retry.next(isContested));
  }
  removeRuntime(bus);
  return exitCode.ok;
}

/** Connections that end so soon, again and again, are ended by somebody who wants our place. */
const briefMs = 10_000;
const mostBrief = 3;

interface Life {
  isOver(): boolean;
  end(): void;
  /** Ends the connection, to begin another one. */
  interrupt(): void;
  /** Returns at once when it is over, or interrupted. */
  sleep(ms: number): Promise<void>;
  onInterrupt(act: (() => void) | undefined): void;
}

function newLife(): Life {
  let isOver = false;
  let act: (() => void) | undefined;
  const interrupt = () => act?.();
  return {
    isOver: () => isOver,
    end() {
      isOver = true;
      interrupt();
    },
    interrupt,
    onInterrupt(next) {
      act = next;
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        if (isOver) return resolve();
        const done = () => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(done, ms);
        act = done;
      }),
  };
}

/** The first one, then the others in turn. */
function brokerAt({ group, fallbacks }: RelayConfig, nth: number): string {
  const all = [group.url, ...fallbacks];
  return all[nth % all.length] ?? group.url;
}

/** From the connection's beginning to its end; undefined when we ended it for good. */
async function connected(
  station: Station,
  life: Life,
  url: string,
  onOpen: () => void,
): Promise<SessionFailure | undefined> {
  const broker = parseBroker(url);
  if (broker === undefined) return { kind: "unreachable", why: `${url} is no broker` };
  station.shown.broker = brokerUrl(broker);
  const { config, bus } = station;
  const pump = openPump(station);
  station.schedule = pump.schedule;
  try {
    const ended = Promise.withResolvers<SessionFailure | undefined>();
    using ears = openEars(station, newAnswering());
    const session = await openSession({
      ...{ broker, password: config.password, ca: config.ca },
      clientId: `hcom-w-${station.self.uuid.replaceAll("-", "").slice(0, 16)}`,
      willTopic: stateTopic(config.group.id, station.self.uuid),
      filter: groupFilter(config.group.id),
      onMessage: (topic, bytes, isRetained) => ears.hear(topic, bytes, isRetained),
      onEnd: ended.resolve,
    });
    station.session = session;
    onOpen();
    show(station, { status: "ok", error: undefined });
    life.onInterrupt(() => ended.resolve(undefined));
    if (life.isOver()) ended.resolve(undefined);
    using _watch = watchWakes(bus, pump.schedule);
    pump.scheduleState();
    const failure = await ended.promise;
    if (failure === undefined) await farewell(station, life);
    return failure ?? (life.isOver() ? undefined : { kind: "lost", why: "connecting anew" });
  } catch (error) {
    if (error instanceof SessionError) return error.failure;
    if (error instanceof Refusal) return { kind: "unreachable", why: error.message };
    throw error;
  } finally {
    station.session = undefined;
    life.onInterrupt(undefined);
    pump[Symbol.dispose]();
  }
}

const farewellMs = 2000;

async function farewell(station: Station, life: Life): Promise<void> {
  const { session } = station;
  if (session === undefined) return;
  const isKnown = life.isOver() ? publishTombstone(station).catch(() => {}) : Promise.resolve();
  await Promise.race([isKnown.then(() => session.close()), Bun.sleep(farewellMs)]);
}

function show(station: Station, change: Partial<Runtime>): void {
  Object.assign(station.shown, change);
  station.show();
}

/** So long without a tick: the machine slept, and the connection is not what it was. */
const sleptMs = 20_000;
const chores = 5;

function giveSigns(station: Station, life: Life): Disposable {
  let last = station.bus.system.now();
  let nth = 0;
  let written = "";
  const tick = () => {
    const { bus } = station;
    const now = bus.system.now();
    if (now - last > sleptMs) life.interrupt();
    last = now;
    const text = JSON.stringify(station.shown);
    if (text === written) touchRuntime(bus);
    else station.show();
    written = text;
    giveBack(station);
    nth++;
    if (nth % chores !== 0) return;
    reopenIfReplaced(bus);
    age(station);
    if (hasChanged(station.config, readRelay(bus.paths))) life.end();
  };
  const timer = setInterval(() => {
    try {
      tick();
    } catch (error) {
      station.say("tick", error instanceof Error ? error.message : String(error));
    }
  }, signEveryMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Behind a burst the runtime would keep what it took: it is asked to give it back once. */
function giveBack(station: Station): void {
  const isQuiet = station.bus.system.monotonic() - station.handledAt > restMs;
  if (station.handled < muchHandled || !isQuiet) return;
  station.handled = 0;
  Bun.gc(true);
}

const muchHandled = 50;
const restMs = 5000;

/** Whoever changes it starts another worker; this is for a file that was edited by hand. */
function hasChanged(config: RelayConfig, setup: RelaySetup): boolean {
  if (setup.kind === "broken") return false;
  if (setup.kind === "none") return true;
  const text = (one: RelayConfig) =>
    JSON.stringify({ ...one, group: { ...one.group, key: [...one.group.key] } });
  return text(setup.config) !== text(config);
}
