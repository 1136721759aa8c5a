// Who owes whom an answer: kept by the sends themselves, shown wherever agents are listed.
import type { MessageData } from "../../core/events/message.ts";
import { human } from "../../core/instance.ts";
import { messageOf } from "../../core/mail/message-of.ts";
import { getEvent } from "../../store/events.ts";
import { getInstance } from "../../store/instances.ts";
import {
  forgetOwedBefore,
  noteOwed,
  type Owed,
  owedBy,
  settleOwed,
} from "../../store/mail/owed.ts";
import type { Bus } from "../bus.ts";

const longestSeconds = 7 * 86_400;

/** In the transaction of the send. `readers` are those that were named. */
export function keepDebts(
  bus: Bus,
  sent: { id: number; data: MessageData; readers: readonly string[]; isRequest: boolean },
): void {
  const { id, data, readers } = sent;
  const now = bus.system.now() / 1000;
  for (const debt of owedBy(bus.db, data.from)) {
    if (isAnswer(debt, data, readers)) settleOwed(bus.db, debt);
  }
  if (!sent.isRequest) return;
  forgetOwedBefore(bus.db, now - longestSeconds);
  for (const by of readers) {
    if (by !== data.from) noteOwed(bus.db, { by, to: data.from, request: id, since: now });
  }
}

/** A reply to it, or whatever is said to the asker and answers nothing else. */
function isAnswer({ request, to }: Owed, data: MessageData, readers: readonly string[]): boolean {
  if (data.reply_to_local !== undefined) return data.reply_to_local === request;
  return data.reply_to === undefined && data.scope === "mentions" && readers.includes(to);
}

export interface Debt {
  /** Base name of who owes. */
  by: string;
  to: string;
  request: number;
  seconds: number;
}

/** Of those who are here, to those who are here; the oldest first. */
export function openDebts(bus: Bus): Debt[] {
  const isHere = (name: string) => name === human || getInstance(bus.db, name) !== undefined;
  const now = bus.system.now() / 1000;
  return owedBy(bus.db)
    .filter(({ by, to }) => isHere(by) && isHere(to))
    .map(({ by, to, request, since }) => ({
      ...{ by, to, request },
      seconds: Math.max(0, Math.floor(now - since)),
    }));
}

/** What was asked. */
export function askedIn(bus: Bus, { request }: Debt): string {
  const row = getEvent(bus.db, request);
  return (row === undefined ? undefined : messageOf(row))?.data.text ?? "";
}
