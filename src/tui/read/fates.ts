// How far messages got at each recipient, for those that are in sight.
import type { Bus } from "../../bus/bus.ts";
import { holdOf } from "../../bus/mail/hold.ts";
import { type TracedDelivery, traceMessage } from "../../bus/mail/trace.ts";
import type { Fate, MessageSeen } from "../../view/world.ts";

/** States after which nothing more is to be expected. */
const final: ReadonlySet<string> = new Set(["answered", "expired", "dead"]);

/** Of these messages; what has ended is not asked for again. */
export async function fatesOf(
  bus: Bus,
  messages: readonly MessageSeen[],
  known: ReadonlyMap<number, readonly Fate[]>,
): Promise<Map<number, readonly Fate[]>> {
  const fates = new Map(known);
  for (const { id } of messages) {
    const before = known.get(id);
    if (before?.every((one) => final.has(one.state)) === true) continue;
    const { deliveries } = traceMessage(bus, id);
    fates.set(id, await Promise.all(deliveries.map((one) => fateOf(bus, one))));
  }
  return fates;
}

async function fateOf(bus: Bus, delivery: TracedDelivery): Promise<Fate> {
  const hold = await holdOf(bus, delivery);
  return {
    name: delivery.recipient,
    state: delivery.isOver ? "expired" : delivery.state,
    via: delivery.via ?? "",
    hold: hold?.text ?? (final.has(delivery.state) ? (delivery.reason ?? "") : ""),
    next: hold?.next ?? "",
  };
}
