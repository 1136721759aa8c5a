// Calls about the log: events, waiting for one, being told of them.
import { openBus } from "../../bus/bus.ts";
import { queryLog, waitForEvent } from "../../bus/log/events.ts";
import { listed, subscribe, unsubscribe } from "../../bus/watch/subscribe.ts";
import type { EventRow } from "../../core/event.ts";
import { asObject, asText, parseJson } from "../../core/json.ts";
import { Refusal } from "../../core/refusal.ts";
import type { System } from "../../sys/system.ts";
import { readParams } from "../rpc/params.ts";
import type { LogEvent, SubscriptionInfo } from "../session/shapes.ts";
import { callerOf, callerShape, requireAgent } from "./caller.ts";

const writer = { writer: "library" } as const;

export function events(system: System, params: unknown): LogEvent[] {
  const given = readParams(params, { sql: "text?", params: "values?", last: "count?" });
  using bus = openBus(system, writer);
  return queryLog(bus, { ...questionOf(given), last: given.last ?? 20 }).map(shown);
}

export async function wait(system: System, params: unknown): Promise<LogEvent | null> {
  const shape = { sql: "text?", params: "values?", after: "count?", timeout: "seconds?" } as const;
  const { after, timeout = 60, ...given } = readParams(params, shape);
  using bus = openBus(system, writer);
  const found = await waitForEvent(bus, { ...questionOf(given), after }, timeout);
  return found === undefined ? null : shown(found);
}

type Values = (string | number | null)[];

function questionOf({ sql, params }: { sql?: string | undefined; params?: Values | undefined }) {
  return {
    filters: {},
    ...(sql === undefined ? {} : { sql }),
    params: params ?? [],
  };
}

function shown({ id, timestamp: ts, type, instance, data }: EventRow): LogEvent {
  return { id, ts, type, instance, data: asObject(parseJson(data)) };
}

export function subscribeTo(system: System, params: unknown): string {
  const shape = { ...callerShape, sql: "text", params: "values?", once: "flag?" } as const;
  const { sql, params: values, once = false, ...caller } = readParams(params, shape);
  using bus = openBus(system, writer);
  const { name } = requireAgent(bus, caller, "be told of events");
  const order = { caller: { name, kind: "instance" as const }, sql, params: values ?? [], once };
  return subscribe(bus, { ...order, filters: {} }).id;
}

export function subscriptions(system: System, params: unknown): SubscriptionInfo[] {
  readParams(params, {});
  using bus = openBus(system, writer);
  return listed(bus).flatMap(({ id, caller, mode, value }) => {
    const sql = asText(value["sql"]) ?? "";
    return mode === "thread" ? [] : [{ id, sql, caller, once: value["once"] === true }];
  });
}

export function endSubscription(system: System, params: unknown): boolean {
  const { id, ...caller } = readParams(params, { ...callerShape, id: "text" });
  using bus = openBus(system, writer);
  const identity = callerOf(bus, caller);
  try {
    unsubscribe(bus, [id], identity.name, identity.kind === "instance");
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") return false;
    throw error;
  }
}
