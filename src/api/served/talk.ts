// Calls about what is said: sending, messages, transcripts.
import { calledBy } from "../../bus/agents/identity.ts";
import { openBus } from "../../bus/bus.ts";
import { latestMessages } from "../../bus/log/events.ts";
import { candidates } from "../../bus/mail/candidates.ts";
import { send } from "../../bus/mail/send.ts";
import { readTranscript } from "../../bus/transcripts/transcript.ts";
import type { MessageEvent } from "../../core/event.ts";
import { messageOf } from "../../core/mail/message-of.ts";
import { extractMentions } from "../../core/names/address.ts";
import { parseSpan } from "../../core/transcript/exchange.ts";
import type { ShownExchange } from "../../core/transcript/show.ts";
import { wakeReaders } from "../../relay/wake-readers.ts";
import type { System } from "../../sys/system.ts";
import { readParams } from "../rpc/params.ts";
import type { Exchange, Message } from "../session/shapes.ts";
import { callerOf, callerShape } from "./caller.ts";

const writer = { writer: "library" } as const;

export async function say(system: System, params: unknown): Promise<object> {
  const given = readParams(params, {
    ...callerShape,
    ...({ message: "text", to: "texts?", intent: "text?" } as const),
    ...({ replyTo: "text?", thread: "text?" } as const),
  });
  using bus = openBus(system, writer);
  const sender = callerOf(bus, given);
  const tags = new Set(candidates(bus).map((one) => one.tag));
  // A reader that is named is the only one: texts of agents quote names.
  const to = given.to?.map((name) => name.replace(/^@/, ""));
  const sent = send(bus, {
    sender,
    targets: to ?? extractMentions(given.message, (tag) => tags.has(tag)),
    text: given.message,
    intent: given.intent,
    replyTo: given.replyTo,
    thread: given.thread,
    calledBy: calledBy(bus, sender),
    go: true,
  });
  const names = sent.recipients.map((one) => one.base);
  await wakeReaders(bus, sent);
  return { id: sent.id, names };
}

export function messages(system: System, params: unknown): Message[] {
  const shape = { ...callerShape, unread: "flag?", last: "count?" } as const;
  const { unread = true, last = 20, ...caller } = readParams(params, shape);
  using bus = openBus(system, writer);
  const { name } = callerOf(bus, caller);
  const rows = latestMessages(bus, unread ? name : undefined, last);
  return rows.flatMap((row) => {
    const message = messageOf(row);
    return message === undefined ? [] : [shownMessage(message)];
  });
}

function shownMessage({ id, timestamp: ts, data }: MessageEvent): Message {
  const { from, text, mentions = [], delivered_to, intent, thread, reply_to_local } = data;
  return {
    ...{ id, ts, from, text, mentions, delivered_to },
    ...(intent === undefined ? {} : { intent }),
    ...(thread === undefined ? {} : { thread }),
    ...(reply_to_local === undefined ? {} : { reply_to: reply_to_local }),
  };
}

export async function transcript(system: System, params: unknown): Promise<Exchange[]> {
  const given = readParams(params, {
    ...callerShape,
    ...({ target: "text?", last: "count?", range: "text?", full: "flag?" } as const),
  });
  using bus = openBus(system, writer);
  const { exchanges } = await readTranscript(bus, {
    agent: given.target ?? callerOf(bus, given).name,
    span: given.range === undefined ? { last: given.last ?? 10 } : parseSpan(given.range),
    detail: given.full === true ? "detailed" : "full",
  });
  return exchanges.map(shownExchange);
}

function shownExchange(exchange: ShownExchange): Exchange {
  const { position, user, action, files, timestamp, tools, ended_on_error } = exchange;
  const base = { position, user, assistant: action, action, files, timestamp };
  if (tools === undefined) return base;
  return {
    ...base,
    tool_calls: tools.map(({ name, file, command }) => ({
      name,
      ...(file === undefined ? {} : { file }),
      ...(command === undefined ? {} : { command }),
    })),
    tool_results: tools.flatMap(({ name, output, is_error }) =>
      output === undefined ? [] : [{ name, output, is_error }],
    ),
    ended_on_error: ended_on_error === true,
  };
}
