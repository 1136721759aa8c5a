// hcom why: what became of one message, recipient by recipient.
import { openBus } from "../bus/bus.ts";
import { displayNames } from "../bus/display-names.ts";
import { type TracedDelivery, traceMessage } from "../bus/mail/trace.ts";
import type { Call, Command } from "../cli/command.ts";
import { messageId } from "../cli/message-id.ts";
import { exitCode } from "../core/refusal.ts";

const command: Command = {
  name: "why",
  group: "log",
  summary: "what became of a message, for each recipient",
  usage: ["why ID", "why ID --json"],
  flags: [],
  exits: { 3: "no such message" },
  examples: ["hcom why 42"],
  run: runWhy,
};
export default command;

function runWhy(call: Call): number {
  const id = messageId(command, call);
  using bus = openBus(call.system, { writer: "why" });
  const { message, deliveries } = traceMessage(bus, id);
  if (call.json) {
    call.out.json({ id, from: message.data.from, ts: message.timestamp, deliveries });
    return exitCode.ok;
  }
  const shown = displayNames(bus);
  call.out.line(`#${id} from ${shown(message.data.from)} at ${message.timestamp.slice(0, 23)}`);
  if (deliveries.length === 0) call.out.line("  nobody was there to receive it");
  for (const one of deliveries) {
    call.out.line(`  ${shown(one.recipient)}: ${fate(one)}`);
  }
  return exitCode.ok;
}

function fate(one: TracedDelivery): string {
  const sentAt = one.created_at;
  const steps: [string, number | null][] = [
    ["offered", one.offered_at],
    ["handed over", one.handed_at],
    ["in context", one.in_context_at],
    ["answered", one.answered_at],
  ];
  const times = steps
    .filter(([, at]) => at !== null)
    .map(([step, at]) => `${step} after ${elapsed((at ?? 0) - sentAt)}`);
  const via = one.via === null ? "" : ` via ${one.via}`;
  const tries = one.attempts > 1 ? `, ${one.attempts} attempts` : "";
  const detail = [times.join(", "), one.evidence, one.reason].filter(Boolean).join("; ");
  return `${verdict(one)}${via}${tries}${detail === "" ? "" : ` (${detail})`}`;
}

function verdict(one: TracedDelivery): string {
  switch (one.state) {
    case "stored":
      return one.isHere ? "waiting for the agent's next turn" : "waiting: the agent is not here";
    case "offered":
      return one.isClaimed ? "being handed over right now" : "offered, not taken yet";
    case "handed":
      return "handed over, not yet seen in its transcript";
    case "in_context":
      return "in its context";
    case "answered":
      return "answered";
    case "expired":
      return "expired";
    default:
      return "undeliverable";
  }
}

function elapsed(seconds: number): string {
  return seconds < 10 ? `${Math.round(seconds * 1000)} ms` : `${Math.round(seconds)} s`;
}
