// What the broker brings: opened, checked for its age, and taken in. Whatever is wrong with it is
// said once and changes nothing.
import { poke } from "../../bus/mail/waking/poke.ts";
import { Refusal } from "../../core/refusal.ts";
import { readState } from "../../core/relay/payload.ts";
import { readRequests } from "../../core/relay/request.ts";
import { isUuid } from "../../core/relay/token.ts";
import { readTopic } from "../../core/relay/topic.ts";
import { deviceByUuid, putDevice, removeAgentsOf } from "../../store/relay/devices.ts";
import { giveWay } from "../device.ts";
import { type Opened, unseal } from "../seal.ts";
import { type Answering, hearRequest, refuseSkewed } from "./answer.ts";
import { type CatchUp, openCatchUp } from "./catch-up.ts";
import { receive, sayPresence } from "./receive.ts";
import { addProblem, noteHandled, type Station } from "./station.ts";

export interface Ears extends Disposable {
  hear(topic: string, bytes: Uint8Array, isRetained: boolean): void;
}

export function openEars(station: Station, answering: Answering): Ears {
  const catchUp = openCatchUp(station);
  const flood = floodGate(station);
  let strangers = 0;
  return {
    hear(topic, bytes, isRetained) {
      if (bytes.length === 0) return;
      noteHandled(station);
      const { config, self } = station;
      const heard = readTopic(topic, config.group.id, self.uuid);
      if (heard.kind === "foreign") return;
      const opened = unseal({ ...config.group, topic }, bytes);
      if (opened === undefined) {
        const of =
          heard.kind === "state" ? `the device ${heard.device.slice(0, 8)}` : "the control topic";
        station.say(
          "not_authentic",
          `something on the topic of ${of} was not sealed with the group's key`,
        );
        return;
      }
      if (heard.kind === "own") {
        if (isRetained || station.sent.has(opened.nonce.join("."))) return;
        strangers++;
        if (strangers > 1) addProblem(station, copiedDevice);
      } else if (heard.kind === "control") hearControl(station, answering, opened);
      else if (isUuid(heard.device) && flood(heard.device)) {
        guarded(station, () => hearState(station, catchUp, heard.device, opened));
      }
    },
    [Symbol.dispose]: () => catchUp[Symbol.dispose](),
  };
}

export const copiedDevice =
  "another machine uses this device's id, probably with a copy of this directory: " +
  "on one of the two run hcom relay off, remove .tmp/device_id, and hcom relay on";

/** A full disk or a busy log: the same comes again with the next state, or is asked for. */
function guarded(station: Station, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    addProblem(station, `what came in could not be stored: ${error.message}`);
  }
}

function hearControl(station: Station, answering: Answering, opened: Opened): void {
  const nowSeconds = station.bus.system.now() / 1000;
  const verdict = station.guard.ask({ sender: "control", ...opened, nowSeconds });
  if (verdict === "repeated") return;
  for (const request of readRequests(opened.text)) {
    if (request.target !== station.self.short) continue;
    if (verdict === "skewed") refuseSkewed(station, request, opened.seconds - nowSeconds);
    else hearRequest(station, answering, request);
  }
}

function hearState(station: Station, catchUp: CatchUp, device: string, opened: Opened): void {
  const { bus, self, guard } = station;
  const nowSeconds = bus.system.now() / 1000;
  const row = deviceByUuid(bus.db, device);
  const watermark = row?.watermark ?? 0;
  const verdict = guard.ask({ sender: device, ...opened, nowSeconds, watermark });
  if (verdict !== "new") return;
  const payload = readState(opened.text);
  if (payload.kind === "invalid") {
    station.say("bad_state", `what device ${device.slice(0, 8)} said of itself could not be read`);
    return;
  }
  if (payload.kind === "gone") {
    farewell(station, device, opened.seconds);
    return;
  }
  const { state, events } = payload;
  if (payload.dropped > 0) {
    station.say(
      "left_out",
      `some of what ${state.short} sent is of no form we know, and is left out`,
    );
  }
  const taken = receive(bus, self, { device, state, events, seconds: opened.seconds });
  if (taken.collision !== undefined) collided(station, taken.collision, device, state.short);
  if ((state.ledger?.receipts[self.uuid]?.length ?? 0) > 0) station.owed.add(device);
  if (taken.reached.length > 0) void poke(bus, taken.reached).catch(() => {});
  catchUp.answered();
  if (taken.isBehind) catchUp.start(device);
  station.schedule();
}

function farewell({ bus }: Station, device: string, seconds: number): void {
  bus.db.write(() => {
    const row = deviceByUuid(bus.db, device);
    if (row === undefined || row.gone_at !== null) return;
    const watermark = Math.max(row.watermark, seconds);
    putDevice(bus.db, { ...row, gone_at: bus.system.now() / 1000, watermark });
    removeAgentsOf(bus.db, device);
    sayPresence(bus, "relay_device_leave", { uuid: device, short: row.short });
  });
}

function collided(station: Station, kind: "ours" | "known", device: string, short: string): void {
  const { self } = station;
  if (kind === "ours" && self.uuid > device) {
    station.self = giveWay(station.bus, self);
    if (station.self.short !== short) return;
  }
  if (kind === "ours" && self.uuid < device) return;
  addProblem(
    station,
    `two devices are called ${short}: write another name into relay.device in the hcom directory`,
  );
}

/** Publishes a device may send at once, and a second: what is dropped is asked for later. */
const burst = 400;
const perSecond = 60;

function floodGate(station: Station): (device: string) => boolean {
  const buckets = new Map<string, { left: number; at: number }>();
  return (device) => {
    const now = station.bus.system.monotonic();
    if (buckets.size > 1000) buckets.clear();
    const bucket = buckets.get(device) ?? { left: burst, at: now };
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond) - 1;
    bucket.at = now;
    buckets.set(device, bucket);
    if (bucket.left > 0) return true;
    bucket.left = 0;
    addProblem(
      station,
      `device ${device.slice(0, 8)} sends more than ${perSecond} times a second: the rest waits`,
    );
    return false;
  };
}
