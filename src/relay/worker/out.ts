// Sends what is due: requests that somebody here waits for, then our state with what happened.
// One publish is on its way at a time, and the next begins where the confirmed one ended.
import { reopenIfReplaced } from "../../bus/bus.ts";
import { asObject, parseJson } from "../../core/json.ts";
import { tombstone } from "../../core/relay/payload.ts";
import { requestJson } from "../../core/relay/request.ts";
import { controlTopic, stateTopic } from "../../core/relay/topic.ts";
import { getKv, setKv } from "../../store/kv.ts";
import { listDevices } from "../../store/relay/devices.ts";
import { noteRequestPublished, unpublishedRequests } from "../../store/relay/requests.ts";
import { seal } from "../seal.ts";
import { beginSharing, nextPush, notePushed, type Push } from "./publish.ts";
import { capabilitiesOf } from "./serve.ts";
import { noteHandled, type Station } from "./station.ts";

/** Publishes with events: so many at once, and from then on one each `coalesceMs`. */
const atOnce = 5;
const coalesceMs = 50;
/** Between publishes that only say how far the messages of others got. */
const quietMs = 250;
const heartbeatMs = 55_000;
const leastBudget = 8192;

export interface Pump extends Disposable {
  /** Soon, together with what else comes until then. */
  schedule(): void;
  /** Say how we are even if nothing changed. */
  scheduleState(): void;
}

export function openPump(station: Station): Pump {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let later: ReturnType<typeof setTimeout> | undefined;
  let isBusy = false;
  let isAgain = false;
  let isClosed = false;
  let lastAt = Number.NEGATIVE_INFINITY;
  /** Where an even pace of publishes with events would be: acknowledgements hold none up. */
  let paceAt = Number.NEGATIVE_INFINITY;
  let stateText = "";
  const clock = () => station.bus.system.monotonic();
  const run = async () => {
    timer = undefined;
    if (isBusy) {
      isAgain = true;
      return;
    }
    isBusy = true;
    try {
      do {
        isAgain = false;
        const since = clock() - lastAt;
        const isDue = since > heartbeatMs;
        const pushed = await pushOnce(station, { stateText, isDue, isQuietDue: since >= quietMs });
        if (pushed === "nothing") continue;
        if (pushed === "later") {
          later ??= setTimeout(again, quietMs - since);
          continue;
        }
        stateText = pushed.stateText;
        lastAt = clock();
        if (pushed.count > 0) paceAt = Math.max(paceAt, lastAt) + coalesceMs;
        isAgain = isAgain || !pushed.isAll;
      } while (isAgain && !isClosed && station.session !== undefined);
    } catch (error) {
      station.say("push_failed", error instanceof Error ? error.message : String(error));
    } finally {
      isBusy = false;
    }
  };
  const schedule = () => {
    if (timer !== undefined || isClosed) return;
    timer = setTimeout(run, Math.max(0, paceAt - atOnce * coalesceMs - clock()));
  };
  const again = () => {
    later = undefined;
    schedule();
  };
  const beat = setInterval(schedule, 5000);
  return {
    schedule,
    scheduleState() {
      stateText = "";
      schedule();
    },
    [Symbol.dispose]() {
      isClosed = true;
      clearTimeout(timer);
      clearTimeout(later);
      clearInterval(beat);
    },
  };
}

async function pushOnce(
  station: Station,
  last: { stateText: string; isDue: boolean; isQuietDue: boolean },
): Promise<Push | "nothing" | "later"> {
  const { bus } = station;
  if (reopenIfReplaced(bus)) station.scanned = 0;
  beginSharing(bus, false);
  await publishRequests(station);
  const capabilities = capabilitiesOf(station.config);
  const { scanned, owed } = station;
  const budget = Math.min(station.budget, limitOf(station));
  const push = nextPush(bus, station.self, { capabilities, budget, scanned, owed });
  if (push.count === 0) station.scanned = push.upTo;
  if (push.count === 0 && push.stateText === last.stateText && !last.isDue) return "nothing";
  if (push.count === 0 && !last.isQuietDue) return "later";
  const began = bus.system.monotonic();
  // What comes in while this one is on its way is owed again.
  const told = [...owed];
  owed.clear();
  try {
    await publish(station, stateTopic(station.config.group.id, station.self.uuid), push.text, true);
  } catch (error) {
    for (const device of told) owed.add(device);
    throw error;
  }
  notePushed(bus, push);
  station.shown.roundTripMs = Math.round(bus.system.monotonic() - began);
  station.shown.leftOut = push.leftOut;
  station.shown.lastPush = bus.system.now() / 1000;
  return push;
}

/** What the broker takes, and each device that says so; less 100 for topic and headers. */
function limitOf({ bus, session }: Station): number {
  const peers = listDevices(bus.db).flatMap((one) => one.max_packet ?? []);
  const around = 49 + 200;
  return Math.max(leastBudget, Math.min(session?.maxPacket ?? 1e9, ...peers) - around);
}

async function publishRequests(station: Station): Promise<void> {
  const { bus, self } = station;
  for (const row of unpublishedRequests(bus.db)) {
    const isOneWay = row.action === "relay_off";
    const text = requestJson({
      id: isOneWay ? undefined : row.id,
      action: row.action,
      target: row.target,
      device: self.uuid,
      at: nextRequestTime(station),
      params: asObject(parseJson(row.params)),
      short: self.short,
    });
    await publish(station, controlTopic(station.config.group.id), text, false);
    noteRequestPublished(bus.db, row.id, bus.system.now() / 1000);
  }
}

const requestTimeKey = "relay_request_at";

/** Older programs drop a request that is not later than the last one of its device. */
function nextRequestTime({ bus }: Station): number {
  return bus.db.write(() => {
    const last = Number(getKv(bus.db, requestTimeKey) ?? 0);
    const at = Math.max(bus.system.now() / 1000, last + 0.001);
    setKv(bus.db, requestTimeKey, String(at));
    return at;
  });
}

export async function publishTombstone(station: Station): Promise<void> {
  await publish(station, stateTopic(station.config.group.id, station.self.uuid), tombstone, true);
}

async function publish(
  station: Station,
  topic: string,
  text: string,
  isRetained: boolean,
): Promise<void> {
  const { session, config, bus, sent } = station;
  if (session === undefined) throw new Error("not connected");
  const seconds = Math.floor(bus.system.now() / 1000);
  const bytes = seal({ ...config.group, topic }, text, seconds);
  sent.add(bytes.subarray(1, 25).join("."));
  for (const oldest of sent) {
    if (sent.size <= 256) break;
    sent.delete(oldest);
  }
  try {
    await session.publish(topic, bytes, isRetained);
    station.failures = 0;
    noteHandled(station);
  } catch (error) {
    station.failures++;
    // Some brokers answer what is too large for them by hanging up; once is any lost connection.
    if (bytes.length > leastBudget && station.failures > 1)
      station.budget = Math.max(leastBudget, Math.floor(station.budget / 2));
    throw error;
  }
}
