// Fetches what we missed of a device while we, it or the broker was away, and the whole of what was
// too large for one publish: in the order of its numbers, from where our log of it ends.

import { poke } from "../../bus/mail/waking/poke.ts";
import { asList, asNumber, asObject, asText, parseJson } from "../../core/json.ts";
import { isCut } from "../../core/relay/batch.ts";
import { isOnlyForItself } from "../../core/relay/import-plan.ts";
import { type RemoteEvent, readEvent } from "../../core/relay/payload.ts";
import { type DeviceRow, deviceByUuid, setDeviceCursor } from "../../store/relay/devices.ts";
import { answerOf, giveUp, putQuestion } from "../ask.ts";
import { channelCatchUp } from "./catch-up-channels.ts";
import { importEvents, tooLarge } from "./receive.ts";
import { addProblem, type Station } from "./station.ts";

/** Disposed with the connection: what was asked over it is answered over no other. */
export interface CatchUp extends Disposable {
  start(device: string): void;
  /** An answer may have come in. */
  answered(): void;
}

const lookEveryMs = 1000;
const attempts = 6;
const answerMs = 3000;
const mostLength = 20_000_000;
/** Bytes to ask for at once; half as much when the answer does not fit through the broker. */
const mostBytes = 60_000;
const leastBytes = 2000;

export function openCatchUp(station: Station): CatchUp {
  const running = new Set<string>();
  const waiting = new Set<Waiting>();
  let isOver = false;
  const link: Link = {
    station,
    isOver: () => isOver,
    ask: (device, action, params) => ask(station, waiting, device, action, params),
  };
  const channels = channelCatchUp(
    station,
    (device) => (action, params) => link.ask(device, action, params),
  );
  const timer = setInterval(channels.look, lookEveryMs);
  return {
    start(device) {
      if (running.has(device)) return;
      running.add(device);
      void fetchAll(link, device)
        .catch((error) =>
          station.say("catch_up", error instanceof Error ? error.message : String(error)),
        )
        .finally(() => running.delete(device));
    },
    answered() {
      for (const { look } of [...waiting]) look();
    },
    [Symbol.dispose]() {
      isOver = true;
      clearInterval(timer);
      for (const { end } of [...waiting]) end();
    },
  };
}

interface Waiting {
  look(): void;
  end(): void;
}

interface Link {
  station: Station;
  isOver(): boolean;
  /** Undefined when no answer came, or a refusal; empty when it was too large. */
  ask(
    device: DeviceRow,
    action: string,
    params: object,
  ): Promise<Record<string, unknown> | undefined>;
}

async function fetchAll(link: Link, uuid: string): Promise<void> {
  const { bus } = link.station;
  let failures = 0;
  let size = mostBytes;
  while (failures < attempts) {
    if (link.isOver()) return;
    const device = deviceByUuid(bus.db, uuid);
    if (device === undefined || device.gone_at !== null || device.has_ledger === 0) return;
    if ((device.cursor ?? 0) >= device.head) return;
    const outcome = await fetchSome(link, device, size);
    if (outcome === "too_large" && size > leastBytes) {
      size = Math.max(leastBytes, Math.floor(size / 2));
      continue;
    }
    failures = outcome === "taken" ? 0 : failures + 1;
    if (failures > 0) await Bun.sleep(200 * 2 ** failures);
  }
  if (link.isOver()) return;
  const short = deviceByUuid(bus.db, uuid)?.short ?? uuid.slice(0, 8);
  addProblem(
    link.station,
    `events of ${short} are missing here, and it does not answer: hcom relay pull`,
  );
}

/** `too_large`: it answered, and what was asked for is not in it. */
type Outcome = "taken" | "no_answer" | "too_large";

async function fetchSome(link: Link, device: DeviceRow, size: number): Promise<Outcome> {
  const { station } = link;
  const cursor = device.cursor ?? 0;
  const answer = await link.ask(device, "events_range", { after: cursor, max_bytes: size });
  if (answer === undefined) return "no_answer";
  const upTo = asNumber(answer["upTo"]);
  if (upTo === undefined) return "too_large";
  const events = asList(answer["events"]).flatMap((one) => readEvent(one) ?? []);
  const isShort = (one: RemoteEvent) => isCut(one) && !isOnlyForItself(one);
  const [first] = events;
  if (first !== undefined && isShort(first)) {
    const whole = await wholeOf(link, device, { id: first.id, size });
    if (typeof whole === "string") return whole;
    return take(station, device, [whole], whole.id);
  }
  const cutAt = events.findIndex(isShort);
  const taken = cutAt < 0 ? events : events.slice(0, cutAt);
  return take(station, device, taken, cutAt < 0 ? upTo : (taken.at(-1)?.id ?? cursor));
}

function take(station: Station, device: DeviceRow, events: RemoteEvent[], upTo: number): Outcome {
  const { bus } = station;
  const { uuid, short, epoch } = device;
  const reached = bus.db.write(() => {
    const now = deviceByUuid(bus.db, uuid);
    // It began its log anew while we asked.
    if (now === undefined || now.epoch !== epoch) return undefined;
    const after = now.cursor ?? 0;
    const run = { device: uuid, short, after, events, takesCut: true };
    const taken = importEvents(bus, station.self, run);
    setDeviceCursor(bus.db, uuid, Math.max(after, upTo));
    return taken.reached;
  });
  if (reached === undefined) return "no_answer";
  if (reached.length > 0) void poke(bus, reached).catch(() => {});
  station.schedule();
  return "taken";
}

async function wholeOf(
  link: Link,
  device: DeviceRow,
  { id, size }: { id: number; size: number },
): Promise<RemoteEvent | Exclude<Outcome, "taken">> {
  let text = "";
  while (text.length < mostLength) {
    const params = { id, offset: text.length, length: Math.ceil((size * 2) / 3) };
    const answer = await link.ask(device, "event_part", params);
    if (answer === undefined) return "no_answer";
    const part = asText(answer["text"]) ?? "";
    if (part === "") return "too_large";
    text += part;
    if (text.length >= (asNumber(answer["total"]) ?? 0))
      return readEvent(parseJson(text)) ?? "no_answer";
  }
  return "no_answer";
}

async function ask(
  { bus, schedule }: Station,
  waiting: Set<Waiting>,
  device: DeviceRow,
  action: string,
  params: object,
): Promise<Record<string, unknown> | undefined> {
  const id = putQuestion(bus, { target: device.short, action, params });
  schedule();
  const answer = await new Promise<ReturnType<typeof answerOf>>((resolve) => {
    const timer = setTimeout(() => done(giveUp(bus, id)), answerMs);
    const entry: Waiting = {
      look() {
        const found = answerOf(bus, id);
        if (found !== undefined) done(found);
      },
      end: () => done(undefined),
    };
    function done(found: ReturnType<typeof answerOf>): void {
      clearTimeout(timer);
      waiting.delete(entry);
      resolve(found);
    }
    waiting.add(entry);
  });
  if (answer?.kind !== "answered") return undefined;
  const result = asObject(answer.result);
  if (answer.ok) return result;
  return result["error"] === tooLarge.error ? {} : undefined;
}
