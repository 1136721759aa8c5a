// Who sent a request hears when its reader has gone idle, or has stopped, without an answer: once,
// and never when an answer came.
import { oneLine } from "../../core/mail/envelope.ts";
import { messageOf } from "../../core/mail/message-of.ts";
import { fullName } from "../../core/names/address.ts";
import { deliveryOf } from "../../store/deliveries.ts";
import { getEvent, isoTime } from "../../store/events.ts";
import { getInstance } from "../../store/instances.ts";
import { answersTo, restsAfter } from "../../store/requests.ts";
import { type RequestWatch, removeSubscription } from "../../store/subscriptions.ts";
import type { Bus } from "../bus.ts";
import { tell } from "./notice.ts";

/** True when the sender was told. */
export function settleRequest(bus: Bus, watch: RequestWatch, upTo: number): boolean {
  const { request_id: request, target, caller } = watch;
  const row = getEvent(bus.db, request);
  const message = row === undefined ? undefined : messageOf(row);
  if (message === undefined || answersTo(bus.db, { request, by: target, to: caller })) {
    removeSubscription(bus.db, watch.id);
    return false;
  }
  const rest = restsAfter(bus.db, { target, after: request, upTo, handedAt: handedAt(bus, watch) });
  if (rest === undefined) return false;
  if (!removeSubscription(bus.db, watch.id)) return false;
  const agent = getInstance(bus.db, target);
  const who = agent === undefined ? target : fullName(agent);
  const did = rest.isStop ? "stopped" : "went idle";
  const about = `#${request} ("${oneLine(message.data.text.replaceAll("@", "(at)"), 40)}")`;
  const text = `[sub:${watch.id}] #${rest.id} ${who} ${did} without responding to your request`;
  return tell(bus, caller, `${text} ${about}`) !== undefined;
}

/** When the request was handed over, as the log writes times; undefined: it was not. */
function handedAt(bus: Bus, { request_id, target }: RequestWatch): string | undefined {
  const principal = getInstance(bus.db, target)?.principal;
  const delivery = principal === undefined ? undefined : deliveryOf(bus.db, request_id, principal);
  return delivery?.handed_at == null ? undefined : isoTime(delivery.handed_at * 1000);
}
