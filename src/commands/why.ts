// hcom why: what became of one message, recipient by recipient.
import { openBus } from "../bus/bus.ts";
import { displayNames } from "../bus/display-names.ts";
import { holdOf } from "../bus/mail/hold.ts";
import { type TracedDelivery, traceMessage } from "../bus/mail/trace.ts";
import type { Call, Command } from "../cli/command.ts";
import { messageId } from "../cli/message-id.ts";
import { clock, elapsed } from "../cli/when.ts";
import { human } from "../core/instance.ts";
import { oneLine } from "../core/mail/envelope.ts";
import { printable } from "../core/printable.ts";
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

async function runWhy(call: Call): Promise<number> {
  const id = messageId(command, call);
  using bus = openBus(call.system, { writer: "why" });
  const { message, deliveries, muted } = traceMessage(bus, id);
  const holds = await Promise.all(
    deliveries.map((one) => (one.isOver ? undefined : holdOf(bus, one))),
  );
  const { from, channel } = message.data;
  if (call.json) {
    call.out.json({
      id,
      from,
      ts: message.timestamp,
      ...(channel === undefined ? {} : { channel: channel.name, muted }),
      deliveries: deliveries.map((one, at) => ({ ...one, hold: holds[at] ?? null })),
    });
    return exitCode.ok;
  }
  const shown = displayNames(bus);
  const where = channel === undefined ? "" : ` in channel ${oneLine(printable(channel.name))}`;
  const at = clock(Date.parse(message.timestamp), call.system.now());
  call.out.line(`#${id} from ${shown(from)}${where} at ${at}`);
  if (deliveries.length + muted.length === 0) call.out.line("  nobody was there to receive it");
  for (const [at, one] of deliveries.entries()) {
    call.out.line(`  ${shown(one.recipient)}: ${fate(one)}`);
    const hold = holds[at];
    // How its reader wants it stands in its fate.
    if (hold === undefined || hold.kind === "policy") continue;
    call.out.line(`    now: ${printable(hold.text)}`);
    if (hold.next !== undefined) call.out.line(`    next: ${hold.next}`);
  }
  for (const name of muted) {
    call.out.line(`  ${shown(name)}: not told, it has muted the channel and has not read it there`);
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
  const via = one.via === null || isOwnAct(one) || one.via === "digest" ? "" : ` via ${one.via}`;
  const tries = one.attempts > 1 ? `, ${one.attempts} attempts` : "";
  const detail = [times.join(", "), one.evidence, one.reason].filter(Boolean).join("; ");
  return `${verdict(one)}${via}${tries}${detail === "" ? "" : ` (${detail})`}`;
}

function verdict(one: TracedDelivery): string {
  if (one.recipient === human) return inInbox(one);
  if (one.isOver) return "expired: the channel's time to live is over";
  switch (one.state) {
    case "stored":
      return one.isHere ? waiting(one) : `waiting: the agent is not here${ifCounted(one)}`;
    case "offered":
      if (one.isClaimed) return "being handed over right now";
      return one.policy === null ? "offered, not taken yet" : waiting(one);
    case "handed":
      if (isOwnAct(one)) return "read by the agent itself";
      if (one.policy === "digest") return "counted in a digest, not yet read";
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

/** The person has an inbox and no turns. */
function inInbox({ state }: TracedDelivery): string {
  if (state === "answered") return "answered";
  return state === "handed" ? "read" : "waiting in the inbox: hcom inbox";
}

/** It took the message without waiting for it to be handed over. */
function isOwnAct(one: TracedDelivery): boolean {
  return one.state === "handed" && one.evidence !== null;
}

function waiting(one: TracedDelivery): string {
  const turn = "waiting for the agent's next turn";
  if (one.policy === null) return turn;
  return `${turn}${ifCounted(one)}: it wants ${one.policy} from that channel, so this wakes nobody`;
}

function ifCounted(one: TracedDelivery): string {
  return one.policy === "digest" ? ", to be counted in a digest" : "";
}
