// hcom read: one message in full.
import { type Bus, openBus } from "../bus/bus.ts";
import { displayNames } from "../bus/display-names.ts";
import { requireMessage } from "../bus/mail/trace.ts";
import type { Call, Command } from "../cli/command.ts";
import { messageHead } from "../cli/event-row.ts";
import { messageId } from "../cli/message-id.ts";
import { wrapped } from "../cli/person/wrap.ts";
import { style } from "../cli/style.ts";
import type { MessageEvent } from "../core/event.ts";
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

function print({ system, out }: Call, bus: Bus, message: MessageEvent): void {
  const shown = displayNames(bus);
  const head = messageHead(message, { nowMs: system.now(), shown });
  const wrapping = { width: out.view.width, indent: 6 };
  for (const line of wrapped(head, wrapping)) out.line(...line);
  const { channel, scope, delivered_to: readers } = message.data;
  const isNamed = channel === undefined && scope !== "broadcast" && readers.length <= 1;
  const to = [style.faint("  to: "), readers.map(shown).join(", ") || "nobody"];
  if (!isNamed) for (const line of wrapped(to, wrapping)) out.line(...line);
  out.line("");
  // As it was written: whoever copies a command out of it must not copy line breaks of ours.
  out.line(message.data.text);
}
