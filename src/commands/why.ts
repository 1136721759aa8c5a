// hcom why: what became of one message, recipient by recipient.
import { findInstance, senderOf } from "../bus/agents/identity.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { displayNames } from "../bus/display-names.ts";
import { holdOf } from "../bus/mail/hold.ts";
import { newestToTrace, type Trace, type TracedDelivery, traceMessage } from "../bus/mail/trace.ts";
import type { Call, Command } from "../cli/command.ts";
import { messageHead } from "../cli/event-row.ts";
import { messageId } from "../cli/message-id.ts";
import { usageError } from "../cli/parse.ts";
import { wrapped } from "../cli/person/wrap.ts";
import { type Part, style, type Tone } from "../cli/style.ts";
import { shortened } from "../cli/table.ts";
import { elapsed } from "../cli/when.ts";
import { human } from "../core/instance.ts";
import { oneLine } from "../core/mail/envelope.ts";
import type { Hold } from "../core/mail/hold.ts";
import { exitCode } from "../core/refusal.ts";

const command: Command = {
  name: "why",
  group: "log",
  summary: "what became of a message, and what holds it now",
  usage: ["why", "why ID"],
  flags: [],
  exits: { 3: "no such message" },
  examples: ["hcom why       # of yours, the newest that has not arrived", "hcom why 42"],
  run: runWhy,
};
export default command;

async function runWhy(call: Call): Promise<number> {
  using bus = openBus(call.system, { writer: "why" });
  const id = call.words.length === 0 ? ownNewest(call, bus) : messageId(command, call);
  if (id === undefined) return exitCode.ok;
  const trace = traceMessage(bus, id);
  const { message, deliveries, muted } = trace;
  const held = await Promise.all(deliveries.map((one) => heldNow(bus, one)));
  const { from, channel } = message.data;
  if (call.json) {
    call.out.json({
      id,
      from,
      ts: message.timestamp,
      ...(channel === undefined ? {} : { channel: channel.name, muted }),
      deliveries: deliveries.map((one, at) => ({ ...one, hold: held[at] ?? null })),
    });
  } else print(call, bus, trace, held);
  return exitCode.ok;
}

/** Said in a line: which one it is about was not asked. */
function ownNewest(call: Call, bus: Bus): number | undefined {
  const sender = senderOf(bus, { name: call.name });
  if (sender.kind === "none") throw usageError(command, "name one message by its number");
  const found = newestToTrace(bus, sender);
  if (found === undefined) {
    if (call.json) call.out.json({ id: null, deliveries: [] });
    else
      call.out.line("You have sent nothing yet. Of any message: hcom why ID, its number after #");
    return undefined;
  }
  const { id, open } = found;
  const others =
    open > 1
      ? ` (${open} have not). All you sent: hcom events --from ${displayNames(bus)(sender.name)}`
      : ":";
  const isProved = traceMessage(bus, id).deliveries.every((one) => one.state !== "handed");
  const become = isProved ? "arrived" : "been handed over";
  const arrived = `All that you have sent has ${become}; the newest:`;
  const waiting = `Your newest message that has not arrived${others}`;
  const head = style.faint(open > 0 ? waiting : arrived);
  const { width } = call.out.view;
  for (const line of call.json ? [] : wrapped([head], { width, indent: 2 })) call.out.line(...line);
  return id;
}

interface Held extends Hold {
  /** Why hooks are silent, where that is what holds. */
  because?: string[];
}

async function heldNow(bus: Bus, one: TracedDelivery): Promise<Held | undefined> {
  const hold = one.isOver ? undefined : await holdOf(bus, one);
  if (hold?.kind !== "hooks-silent") return hold;
  const row = findInstance(bus, one.recipient);
  if (row === undefined) return hold;
  const { sessionObstacles } = await import("../hooks/session-obstacles.ts");
  return { ...hold, because: await sessionObstacles(bus.system, row) };
}

function print(call: Call, bus: Bus, trace: Trace, held: readonly (Held | undefined)[]): void {
  const { message, deliveries, muted } = trace;
  const shown = displayNames(bus);
  const lines = (line: readonly Part[], indent: number) => {
    for (const one of wrapped(line, { width: call.out.view.width, indent })) call.out.line(...one);
  };
  lines(messageHead(message, { nowMs: call.system.now(), shown }), 2);
  const quote = `  "${oneLine(message.data.text, Number.POSITIVE_INFINITY)}"`;
  call.out.line(...shortened([style.faint(quote)], call.out.view.width));
  if (deliveries.length + muted.length === 0) call.out.line("  nobody was there to receive it");
  for (const [nth, one] of deliveries.entries()) {
    const hold = held[nth];
    const { verdict, tone, more } = fate(one, hold);
    lines(["  ", style.name(shown(one.recipient)), ": ", style[tone](verdict), more], 6);
    // How its reader wants it stands in its fate.
    if (hold === undefined || hold.kind === "policy") continue;
    lines(["    now: ", style.warn(hold.text)], 9);
    for (const reason of hold.because ?? []) lines([`    because: ${reason}`], 13);
    if (hold.next !== undefined) lines(["    next: ", style.strong(hold.next)], 10);
  }
  for (const name of muted) {
    lines([`  ${shown(name)}: not told, it has muted the channel and has not read it there`], 6);
  }
}

interface Fate {
  verdict: string;
  tone: Tone;
  /** By which way, when, and how that is known. */
  more: string;
}

function fate(one: TracedDelivery, hold: Hold | undefined): Fate {
  const sentAt = one.created_at;
  const steps: [string, number | null][] = [
    ["published", one.published_at],
    ["arrived there", one.arrived_at],
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
  return {
    verdict: verdict(one, hold),
    tone: toneOf(one),
    more: `${via}${tries}${detail === "" ? "" : ` (${detail})`}`,
  };
}

function toneOf(one: TracedDelivery): Tone {
  if (one.isOver || one.state === "expired" || one.state === "dead") return "bad";
  if (one.state === "in_context" || one.state === "answered") return "good";
  if (one.state === "handed") return one.evidence === null ? "busy" : "good";
  return "warn";
}

function verdict(one: TracedDelivery, hold: Hold | undefined): string {
  if (one.recipient === human) return inInbox(one);
  if (one.isOver) return "expired: the channel's time to live is over";
  switch (one.state) {
    case "stored":
      if (one.recipient.includes(":")) return onItsWay(one);
      return one.isHere ? waiting(one, hold) : `waiting: the agent is not here${ifCounted(one)}`;
    case "offered":
      if (one.isClaimed) return "being handed over right now";
      return one.policy === null ? "offered, not taken yet" : waiting(one, hold);
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

/** To another device: how far it got is told by that one. */
function onItsWay({ recipient, published_at: left, arrived_at: there }: TracedDelivery): string {
  const device = recipient.slice(recipient.lastIndexOf(":") + 1);
  if (there !== null) return `arrived at ${device}, waiting for the agent's next turn`;
  if (left !== null) return `published, and not yet seen by ${device}`;
  return "waiting to leave this machine: hcom relay";
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

/** What it waits for stands in the line below, where that is known. */
function waiting(one: TracedDelivery, hold: Hold | undefined): string {
  const turn = "waiting for the agent's next turn";
  if (one.policy === null) return hold === undefined ? turn : "waiting";
  return `${turn}${ifCounted(one)}: it wants ${one.policy} from that channel, so this wakes nobody`;
}

function ifCounted(one: TracedDelivery): string {
  return one.policy === "digest" ? ", to be counted in a digest" : "";
}
