// hcom read: one message in full.
import { openBus } from "../bus/bus.ts";
import { displayNames } from "../bus/display-names.ts";
import { requireMessage } from "../bus/mail/trace.ts";
import type { Call, Command } from "../cli/command.ts";
import { messageId } from "../cli/message-id.ts";
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
  call.out.line(`#${id} ${shown(data.from)} → ${to}${marks === "" ? "" : ` (${marks})`}`);
  call.out.line("");
  call.out.line(data.text);
  return exitCode.ok;
}
