// What somebody is told of an event that it asked for: a message of the system to that one alone.
// Its readers are named, never read out of the text: a name in there would be told, too.
import type { EventRow } from "../../core/event.ts";
import type { MessageData } from "../../core/events/message.ts";
import { human } from "../../core/instance.ts";
import { asObject, asText, parseJson } from "../../core/json.ts";
import { oneLine } from "../../core/mail/envelope.ts";
import { fullName } from "../../core/names/address.ts";
import { deliveryOf, storeDeliveries } from "../../store/deliveries.ts";
import { getInstance } from "../../store/instances.ts";
import type { Collision } from "../../store/query/collision.ts";
import type { Subscription } from "../../store/subscriptions.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";
import { humanPrincipal, storeForHuman } from "../inbox.ts";

/** Who speaks in the log when events do. */
const speaker = "[hcom-events]";

/** The message's id; undefined when the caller has no mail: a name from outside, or gone. */
export function tell(bus: Bus, caller: string, text: string): number | undefined {
  const row = getInstance(bus.db, caller);
  if (row === undefined && caller !== human) return undefined;
  const shown = row === undefined ? human : fullName(row);
  const data: MessageData = {
    from: speaker,
    sender_kind: "system",
    scope: "mentions",
    text: `@${shown} ${text}`,
    delivered_to: row === undefined ? [] : [row.name],
    mentions: [caller],
    intent: "inform",
  };
  const id = append(bus, { type: "message", instance: `sys_${speaker}`, data });
  if (row === undefined) storeForHuman(bus, id, true);
  else {
    const { name, principal } = row;
    storeDeliveries(bus.db, id, [{ name, principal }], bus.system.now() / 1000);
  }
  return id;
}

/** Has the caller not been handed that notice yet? */
export function isUnread(bus: Bus, caller: string, notice: number): boolean {
  const principal = caller === human ? humanPrincipal : getInstance(bus.db, caller)?.principal;
  if (principal === undefined) return false;
  const state = deliveryOf(bus.db, notice, principal)?.state;
  return state === "stored" || state === "offered";
}

export function hitText(
  bus: Bus,
  { id }: Pick<Subscription, "id">,
  { event, collision }: { event: EventRow; collision: Collision | undefined },
): string {
  if (collision === undefined) {
    return `[sub:${id}] | #${event.id} | ${event.type} | ${tailOf(bus, event)}`;
  }
  const [other = ""] = collision.others;
  const both = `${shownName(bus, collision.instance)} and ${shownName(bus, other)}`;
  return `⚠️ COLLISION [sub:${id}] #${event.id}: ${both} both edited ${collision.detail}`;
}

/** Several at once, while the one before was unread. */
export function moreText(id: string, more: number, last: number): string {
  const matches = more === 1 ? "1 more match" : `${more} more matches`;
  return `[sub:${id}] ${matches}, the last one #${last}: hcom events --last 20`;
}

function tailOf(bus: Bus, event: EventRow): string {
  const who = shownName(bus, event.instance);
  const data = asObject(parseJson(event.data));
  const text = (key: string) => asText(data[key]) ?? "";
  switch (event.type) {
    case "message":
      return `${who} | from:${text("from")} | "${oneLine(text("text").replaceAll("@", "(at)"))}"`;
    case "status":
      return [who, text("status"), text("context"), detailOf(text("context"), text("detail"))]
        .filter((part) => part !== "")
        .join(" | ");
    case "life":
      return `${who} | ${text("action")} | by:${text("by")}`;
    default:
      return who;
  }
}

const longestDetail = 40;

/** A command tells most by its beginning, a path by its end. */
function detailOf(context: string, detail: string): string {
  const line = detail.replace(/\s+/g, " ").trim();
  if (line.length <= longestDetail) return line;
  const isPath = line.includes("/") && !/bash|shell|command/i.test(context);
  return isPath ? `…${line.slice(1 - longestDetail)}` : oneLine(line, longestDetail);
}

function shownName(bus: Bus, name: string): string {
  const row = getInstance(bus.db, name);
  return row === undefined ? name : fullName(row);
}
