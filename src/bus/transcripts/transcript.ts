// What an agent and those who spoke to it said, read from the transcript that its program keeps.

import type { Detail } from "../../core/events/detail.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import type { Reading, Span } from "../../core/transcript/exchange.ts";
import { type ShownExchange, showExchange } from "../../core/transcript/show.ts";
import type { Bus } from "../bus.ts";
import { readTranscriptFile } from "./read-file.ts";
import { type Asked, pathOf, type Subject, subjectOf, toolOf } from "./subject.ts";

export interface TranscriptOrder extends Asked {
  span: Span;
  detail: Detail;
}

export interface Transcript {
  /** Display name. */
  name: string;
  exchanges: ShownExchange[];
  /** How many exchanges there are in all. */
  total: number;
  /** Is something of them left out? */
  isCut: boolean;
  /** How much of what was read is damaged, and missing here. */
  unreadable: number;
}

export async function readTranscript(bus: Bus, order: TranscriptOrder): Promise<Transcript> {
  const { span } = order;
  const subject = subjectOf(bus, order);
  const tool = await toolOf(subject);
  const path = await pathOf(bus, subject, tool);
  if (path === undefined) throw noTranscript(subject);
  const reading = await readTranscriptFile(subject, tool, path, { span, waits: true });
  if (reading === undefined) throw noTranscript(subject);
  checkSpan(subject, reading);
  const shown = reading.kept.map((exchange) => showExchange(exchange, order.detail));
  return {
    name: subject.shown,
    exchanges: shown.map((one) => one.exchange),
    total: reading.total,
    isCut: shown.some((one) => one.isCut),
    unreadable: reading.unreadable,
  };
}

function checkSpan(subject: Subject, reading: Reading): void {
  const { span, total } = reading;
  if ("last" in span || span.from <= total) return;
  throw new Refusal({
    code: "no_exchange",
    exit: exitCode.notFound,
    message: `there is no exchange ${span.from}: ${subject.shown} has ${total}`,
  });
}

export function noTranscript(subject: Subject): Refusal {
  return new Refusal({
    code: "no_transcript",
    message: `Agent '${subject.shown}' has no transcript yet`,
    hint: "its tool writes one with the first prompt",
  });
}
