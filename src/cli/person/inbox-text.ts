// The person's mail as people and scripts read it.
import type { Bus } from "../../bus/bus.ts";
import { displayNames } from "../../bus/display-names.ts";
import type { Inbox } from "../../bus/inbox.ts";
import type { MessageEvent } from "../../core/event.ts";
import { oneLine } from "../../core/mail/envelope.ts";
import type { Call } from "../command.ts";
import { messageHead } from "../event-row.ts";
import { style } from "../style.ts";
import { table } from "../table.ts";
import { wrapped } from "./wrap.ts";

/** False when nobody read it. */
export async function showInbox(call: Call, bus: Bus, { messages }: Inbox): Promise<boolean> {
  const shown = displayNames(bus);
  if (messages.length === 0 && !call.json) {
    call.out.note("No new mail. Agents reach you as @bigboss; to see it come: hcom inbox --watch");
  }
  for (const message of messages) {
    if (call.json) call.out.json(messageFields(message));
    else print(call, message, shown);
  }
  if (!call.json) sayAnswer(call, messages, shown);
  return call.out.flush();
}

/** A line for each: enough to decide whether to look. */
export async function showNotices(call: Call, bus: Bus, { messages }: Inbox): Promise<boolean> {
  const shown = displayNames(bus);
  for (const message of messages) {
    const { from, text, intent } = message.data;
    const rows = [
      [
        ["✉ ", style.name(shown(from))],
        style[intent === "request" ? "warn" : "faint"](intent ?? ""),
        oneLine(text, Number.POSITIVE_INFINITY),
        style.faint("hcom inbox"),
      ],
    ];
    if (call.json) call.out.json(messageFields(message));
    else
      for (const line of table(rows, [{}, {}, { least: 10 }, {}], call.out.view.width)) {
        call.out.line(...line);
      }
  }
  return call.out.flush();
}

/** One message as scripts read it: the original's keys, ours beside them. */
export function messageFields({ id, data }: MessageEvent) {
  return {
    event_id: id,
    reply_id: data.reply_to_local ?? null,
    id,
    from: data.from,
    text: data.text,
    ...(data.intent === undefined ? {} : { intent: data.intent }),
    ...(data.thread === undefined ? {} : { thread: data.thread }),
  };
}

function print(call: Call, message: MessageEvent, shown: (base: string) => string): void {
  const { out, system } = call;
  const head = messageHead(message, { nowMs: system.now(), shown });
  for (const line of wrapped(head, { width: out.view.width, indent: 2 })) out.line(...line);
  // As it was written: whoever copies a command out of it must not copy line breaks of ours.
  for (const line of message.data.text.split("\n")) out.line(`  ${line}`);
  out.line();
}

/** To the newest that can be answered: `hcom` itself reads nothing. */
function sayAnswer(
  { out }: Call,
  messages: readonly MessageEvent[],
  shown: (base: string) => string,
): void {
  const asked = messages.findLast(({ data }) => data.sender_kind === "instance");
  if (asked === undefined || !out.view.isForPeople) return;
  const { id, data } = asked;
  out.line(
    style.faint("Answer it: "),
    style.strong(`hcom send @${shown(data.from)} --reply-to ${id} -- ...`),
  );
}
