// The fate of one message: who was meant, how far it got with each of them, by which way, and why.
import type { MessageEvent } from "../../core/event.ts";
import { asTexts } from "../../core/json.ts";
import { hasEnded } from "../../core/mail/inbox.ts";
import { messageOf } from "../../core/mail/message-of.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { type Delivery, deliveriesOf } from "../../store/deliveries.ts";
import { getEvent } from "../../store/events.ts";
import { openSentMessages, sentMessages } from "../../store/history.ts";
import { getInstance } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";
import { humanPrincipal } from "../inbox.ts";
import { isClaimAlive } from "./claim.ts";

export interface Trace {
  message: MessageEvent;
  deliveries: TracedDelivery[];
  /** Base names of agents that had muted the channel and have not read it there. */
  muted: string[];
}

export interface TracedDelivery extends Delivery {
  isHere: boolean;
  isClaimed: boolean;
  /** Its channel ended it before it was handed over. */
  isOver: boolean;
}

export function traceMessage(bus: Bus, id: number): Trace {
  const message = requireMessage(bus, id);
  const deliveries = deliveriesOf(bus.db, id).map((delivery) => ({
    ...delivery,
    isHere: isHere(bus, delivery),
    isClaimed: isClaimAlive(bus, delivery),
    isOver: isOpen(delivery) && hasEnded(message, bus.system.now()),
  }));
  const told = new Set(deliveries.map((one) => one.recipient));
  const muted = asTexts(message.data.channel?.muted).filter((name) => !told.has(name));
  return { message, deliveries, muted };
}

/** What a sender wonders about: the newest that has not arrived everywhere, else the newest. */
export function newestToTrace(
  bus: Bus,
  sender: { kind: "instance" | "external"; name: string },
): { id: number; open: number } | undefined {
  const writer = sender.kind === "instance" ? sender.name : `ext_${sender.name}`;
  const open = openSentMessages(bus.db, writer, mostOpen);
  const [newest] = open.length > 0 ? open : sentMessages(bus.db, writer, 1);
  return newest === undefined ? undefined : { id: newest.id, open: open.length };
}

/** Counted no further than this. */
const mostOpen = 100;

/** The human always is. */
function isHere(bus: Bus, { recipient, principal }: Delivery): boolean {
  return principal === humanPrincipal || getInstance(bus.db, recipient)?.principal === principal;
}

function isOpen(delivery: Delivery): boolean {
  return delivery.state === "stored" || delivery.state === "offered";
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
        : `#${id} is not a message (it is a ${row.type} event)`,
    hint: "list messages: hcom events --type message --last 20",
  });
}
