// How much of the log goes out in one publish: whole events as long as they fit, and one that is
// too large by itself with its text cut and marked as such. The rest of it is asked for.
import { isObject } from "../json.ts";
import { eventJson, type RemoteEvent } from "./payload.ts";

export interface Batch {
  /** Each is the JSON of one event. */
  events: string[];
  /** Number of the last one in it; undefined when it is empty. */
  upTo: number | undefined;
  isAll: boolean;
}

export function fillBatch(events: Iterable<RemoteEvent>, budget: number): Batch {
  const filled: string[] = [];
  let left = budget;
  let upTo: number | undefined;
  for (const event of events) {
    const whole = JSON.stringify(eventJson(event));
    const size = bytesOf(whole);
    const json = size > budget ? cut(event, size, budget) : whole;
    const cost = bytesOf(json) + 1;
    if (cost > left && filled.length > 0) return { events: filled, upTo, isAll: false };
    filled.push(json);
    left -= cost;
    upTo = event.id;
  }
  return { events: filled, upTo, isAll: true };
}

/** As others mark it, too: `level` 1 = texts are shortened, 2 = only what names it is left. */
function cut(event: RemoteEvent, size: number, budget: number): string {
  for (const keep of [Math.floor(budget / 8), 1000, 200]) {
    const data = {
      ...shorten(event.data, keep),
      _relay_truncated: { level: 1, original_bytes: size },
    };
    const json = JSON.stringify(eventJson({ ...event, data }));
    if (bytesOf(json) <= budget) return json;
  }
  const { from, scope, mentions, request_id, action, ok } = event.data;
  const data = {
    ...{ from, scope, mentions, request_id, action, ok },
    text: "",
    _relay_truncated: { level: 2, original_bytes: size },
  };
  return JSON.stringify(eventJson({ ...event, data }));
}

function shorten(data: Readonly<Record<string, unknown>>, most: number): Record<string, unknown> {
  const entries = Object.entries(data).map(
    ([key, value]) => [key, shortened(value, most)] as const,
  );
  return Object.fromEntries(entries);
}

function shortened(value: unknown, most: number): unknown {
  if (typeof value === "string")
    return value.length <= most ? value : withoutHalf(value.slice(0, most));
  return isObject(value) ? shorten(value, most) : value;
}

/** A surrogate without its other half is no character. */
function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

export function isCut(event: Pick<RemoteEvent, "data">): boolean {
  return isObject(event.data["_relay_truncated"]);
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
