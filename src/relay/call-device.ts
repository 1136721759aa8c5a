// Asks a device by its short id and waits for its answer; every way in which none comes has its
// own sentence.
import type { Bus } from "../bus/bus.ts";
import { nextWake } from "../bus/wake.ts";
import { asObject, asText, asTexts, parseJson } from "../core/json.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import type { RemoteOrder } from "../core/relay/remote-order.ts";
import { openActions } from "../core/relay/served-call.ts";
import { type DeviceRow, listDevices } from "../store/relay/devices.ts";
import { answerOf, giveUp, putQuestion } from "./ask.ts";
import { peers } from "./beside.ts";
import { ensureWorker } from "./daemon.ts";
import { requireRelay } from "./group.ts";

const connectMs = 5000;

export async function callDevice(bus: Bus, order: RemoteOrder): Promise<Record<string, unknown>> {
  requireRelay(bus);
  const health = await ensureWorker(bus, connectMs);
  if (health.kind !== "connected") {
    throw new Refusal({
      code: "relay_not_connected",
      message: `not asked: the relay is not connected (${health.kind})`,
      hint: "see: hcom relay",
    });
  }
  const device = deviceFor(bus, order.device);
  checkOffers(bus, device, order.action);
  const { action, params } = order;
  const id = putQuestion(bus, { target: device.short, action, params });
  const deadline = bus.system.monotonic() + order.timeoutMs;
  let answer = answerOf(bus, id);
  while (answer === undefined && bus.system.monotonic() < deadline) {
    await nextWake(bus, 250);
    answer = answerOf(bus, id);
  }
  answer ??= giveUp(bus, id);
  if (answer.kind !== "answered") throw silent(bus, device, answer.kind);
  const result = asObject(answer.result);
  if (answer.ok) return result;
  throw new Refusal({
    code: "refused_there",
    message: `${device.short}: ${asText(result["error"]) ?? "it could not be done"}`,
  });
}

function deviceFor(bus: Bus, written: string): DeviceRow {
  const all = listDevices(bus.db);
  const exact = all.find((one) => one.short === written);
  const beginning = all.filter((one) => one.short.startsWith(written));
  const found = exact ?? (beginning.length === 1 ? beginning[0] : undefined);
  if (found !== undefined) return found;
  const known = all.filter((one) => one.gone_at === null).map((one) => one.short);
  throw new Refusal({
    code: "unknown_device",
    exit: exitCode.notFound,
    message: `no device ${written} in the group; there is: ${known.join(", ") || "nobody else"}`,
    hint: "see: hcom relay",
  });
}

function checkOffers(bus: Bus, device: DeviceRow, action: string): void {
  const peer = peers(bus).find((one) => one.uuid === device.uuid);
  if (peer !== undefined && peer.presence !== "online") {
    throw new Refusal({
      code: "device_offline",
      message: `${device.short} is not connected; it was heard ${Math.round(peer.age)} s ago`,
      hint: "mail for its agents waits until it is back",
    });
  }
  if (device.capabilities === null || openActions.includes(action)) return;
  const offered = asTexts(parseJson(device.capabilities));
  if (offered.includes(action)) return;
  const only = offered.length === 0 ? "takes messages only" : `does not offer ${action}`;
  throw new Refusal({ code: "not_offered", message: `${device.short} ${only}` });
}

function silent(bus: Bus, device: DeviceRow, kind: "not_sent" | "no_answer"): Refusal {
  const skew = peers(bus).find((one) => one.uuid === device.uuid)?.skew;
  const clock = skew === undefined ? "" : `; its clock is ${Math.round(skew)} s from ours`;
  return new Refusal({
    code: kind,
    message:
      kind === "not_sent"
        ? "the request did not leave this machine in time"
        : `${device.short} did not answer in time${clock}; it may have done what was asked`,
    hint: "see: hcom relay",
  });
}
