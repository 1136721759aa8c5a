// Answers what other devices ask of this one: each request once, beside the connection, so that a
// slow one holds nothing up. The answer travels as an event, with its text beside the log.
import { asObject } from "../../core/json.ts";
import { bytesOf } from "../../core/relay/batch.ts";
import type { Request } from "../../core/relay/request.ts";
import { appendEvent, isoTime } from "../../store/events.ts";
import { addAnswer } from "../../store/relay/requests.ts";
import { type Served, serve } from "./serve.ts";
import type { Station } from "./station.ts";

export interface Answering {
  /** Requests that were heard, in the order of their coming. */
  heard: Set<string>;
  busy: number;
}

export function newAnswering(): Answering {
  return { heard: new Set(), busy: 0 };
}

const remembered = 1024;
const mostAtOnce = 8;
const mostBytes = 80_000;

export function hearRequest(station: Station, answering: Answering, request: Request): void {
  const { heard } = answering;
  const key = request.id ?? `${request.device} ${request.at}`;
  if (heard.has(key)) return;
  heard.add(key);
  for (const oldest of heard) {
    if (heard.size <= remembered) break;
    heard.delete(oldest);
  }
  if (request.action === "relay_off" && station.config.remoteControl === "full") {
    station.say(
      "relay_off",
      `a device of the group (${request.device.slice(0, 8)}) turned the relay off`,
    );
    station.leave();
    return;
  }
  if (request.id === undefined) return;
  if (answering.busy >= mostAtOnce) {
    const error = "too many requests at once; try again";
    answer(station, request, { ok: false, result: { error } });
    return;
  }
  answering.busy++;
  void serve(station, request)
    .then((served) => answer(station, request, served))
    .catch((error) => station.say("answer", error instanceof Error ? error.message : String(error)))
    .finally(() => {
      answering.busy--;
    });
}

/** Silence would look as if nobody were there. */
export function refuseSkewed(station: Station, request: Request, ahead: number): void {
  if (request.id === undefined) return;
  const by = `${Math.round(Math.abs(ahead))} s ${ahead > 0 ? "ahead of" : "behind"}`;
  const error =
    `not done: your clock is ${by} that of ${station.self.short}, ` +
    "and requests must be of this minute";
  answer(station, request, { ok: false, result: { error } });
}

function answer(station: Station, request: Request, served: Served): void {
  const { bus } = station;
  const { ok } = served;
  bus.db.write(() => {
    const now = bus.system.now();
    const { id: request_id, action } = request;
    const eventId = appendEvent(bus.db, {
      type: "rpc_result",
      instance: "_rpc",
      data: { request_id, action, ok, by: request.device.slice(0, 8) },
      timestamp: isoTime(now),
    });
    const result = textOf(served.upTo?.(eventId) ?? served.result);
    addAnswer(bus.db, { eventId, result, now: now / 1000 });
  });
  station.schedule();
}

function textOf(result: unknown): string {
  const text = JSON.stringify(result ?? null);
  return bytesOf(text) > mostBytes ? shortened(result, bytesOf(text)) : text;
}

/** The end of a long text is what was asked for: a screen, a transcript. */
function shortened(result: unknown, bytes: number): string {
  const found = asObject(result);
  const mark = { _relay_truncated: { level: 1, original_bytes: bytes } };
  const { content } = found;
  if (typeof content !== "string")
    return JSON.stringify({ error: "the answer is too long", ...mark });
  return JSON.stringify({ ...found, content: content.slice(-mostBytes / 4), ...mark });
}
