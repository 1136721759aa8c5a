// hcom read: one message in full.
import { type Bus, openBus } from "../bus/bus.ts";
import { displayNames } from "../bus/display-names.ts";
import { requireMessage } from "../bus/mail/trace.ts";
import type { Call, Command } from "../cli/command.ts";
import { messageId } from "../cli/message-id.ts";
import { wrapped } from "../cli/person/wrap.ts";
import { type Part, style } from "../cli/style.ts";
import { clock } from "../cli/when.ts";
import type { MessageEvent } from "../core/event.ts";
import { oneLine } from "../core/mail/envelope.ts";
import { printable } from "../core/printable.ts";
import { exitCode } from "../core/refusal.ts";

const command: Command = {
  name: "read",
  group: "talk",
  summary: "print one message in full",
  usage: ["read ID", "read ID --json"],
  flags: [],
  exits: { 3: "no such message" },
  examples: ["hcom read 42"],
  run: runRead,
};
export default command;

function runRead(call: Call): number {
  const id = messageId(command, call);
  using bus = openBus(call.system, { writer: "read" });
  const message = requireMessage(bus, id);
  const { data } = message;
  if (call.json) {
    call.out.json({ id, ts: message.timestamp, ...data });
    return exitCode.ok;
  }
  print(call, bus, message);
  return exitCode.ok;
}

function print({ system, out }: Call, bus: Bus, { id, timestamp, data }: MessageEvent): void {
  const shown = displayNames(bus);
  // Of a channel's readers the log itself names only those who want it at once.
  const named = data.channel === undefined ? data.mentions : undefined;
  const to = (named ?? data.delivered_to).map(shown).join(", ");
  const marks = [
    data.intent,
    data.thread && `thread ${data.thread}`,
    data.channel && `channel ${oneLine(printable(data.channel.name))}`,
  ]
    .filter(Boolean)
    .join(", ");
  const head: Part[] = [
    style.strong(`#${id} `),
    style.name(shown(data.from)),
    ` → ${to === "" ? "nobody" : to}`,
    ...(marks === "" ? [] : [style[data.intent === "request" ? "warn" : "faint"](` (${marks})`)]),
    style.faint(`  ${clock(Date.parse(timestamp), system.now())}`),
  ];
  for (const line of wrapped(head, { width: out.view.width, indent: 2 })) out.line(...line);
  out.line("");
  // As it was written: whoever copies a command out of it must not copy line breaks of ours.
  out.line(data.text);
}
