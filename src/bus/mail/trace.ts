// The fate of one message: who was meant, how far it got with each of them, by which way, and why.
import type { MessageEvent } from "../../core/event.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { type Delivery, deliveriesOf } from "../../store/deliveries.ts";
import { getEvent } from "../../store/events.ts";
import { getInstance } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";
import { isClaimAlive } from "./claim.ts";
import { messageOf } from "./message-of.ts";

export interface Trace {
  message: MessageEvent;
  deliveries: TracedDelivery[];
}

export interface TracedDelivery extends Delivery {
  isHere: boolean;
  isClaimed: boolean;
}

export function traceMessage(bus: Bus, id: number): Trace {
  const message = requireMessage(bus, id);
  const deliveries = deliveriesOf(bus.db, id).map((delivery) => ({
    ...delivery,
    isHere: getInstance(bus.db, delivery.recipient)?.principal === delivery.principal,
    isClaimed: isClaimAlive(bus, delivery),
  }));
  return { message, deliveries };
}

export function requireMessage(bus: Bus, id: number): MessageEvent {
  const row = getEvent(bus.db, id);
  const message = row === undefined ? undefined : messageOf(row);
  if (message !== undefined) return message;
  throw new Refusal({
    code: "no_message",
    exit: exitCode.notFound,
    message:
      row === undefined
        ? `there is no event #${id}`
        : `#${id} is a ${row.type} event, not a message`,
    hint: "list messages: hcom events --type message --last 20",
  });
}
