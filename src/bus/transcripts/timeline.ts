// What all agents were asked lately, in one list: newest first.
import type { Detail } from "../../core/events/detail.ts";
import { type ShownExchange, showExchange } from "../../core/transcript/show.ts";
import type { Bus } from "../bus.ts";
import { type Choice, eachTranscript } from "./each.ts";

export interface Moment extends ShownExchange {
  /** Display name. */
  instance: string;
  /** Shows the whole of it. */
  command: string;
}

export async function readTimeline(
  bus: Bus,
  order: Choice & { last: number; detail: Detail },
): Promise<Moment[]> {
  const span = { last: order.last };
  const moments: Moment[] = [];
  for await (const { subject, reading } of eachTranscript(bus, order, () => ({ span }))) {
    const { shown } = subject;
    for (const exchange of reading.kept) {
      const command = `hcom transcript ${shown} ${exchange.position} --full`;
      const { exchange: said } = showExchange(exchange, order.detail);
      moments.push({ instance: shown, ...said, command });
    }
  }
  return moments.sort(newestFirst).slice(0, order.last);
}

/** What no line gives a time for is the oldest. */
function newestFirst(one: Moment, other: Moment): number {
  return timeOf(other) - timeOf(one) || other.position - one.position;
}

function timeOf({ timestamp }: Moment): number {
  return Date.parse(timestamp ?? "") || 0;
}
