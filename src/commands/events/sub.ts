// hcom events sub and unsub: be told of events as they happen.
import {
  callerName,
  findInstance,
  isInsideTool,
  requireNamed,
  senderOf,
} from "../../bus/agents/identity.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { displayNames } from "../../bus/display-names.ts";
import type { EventFilters } from "../../bus/log/events.ts";
import {
  conditionOf,
  listed,
  type Order,
  type Subscribed,
  subscribe,
  unsubscribe,
} from "../../bus/watch/subscribe.ts";
import type { Call } from "../../cli/command.ts";
import { wrapped } from "../../cli/person/wrap.ts";
import { style } from "../../cli/style.ts";
import { table } from "../../cli/table.ts";
import { human } from "../../core/instance.ts";
import { asObject } from "../../core/json.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { subscriptionFlags } from "./sub-flags.ts";

export function subscribeTo(
  call: Call,
  filters: EventFilters,
  endOf: (call: Call, sql: string) => Disposable,
): number {
  const [, word, ...more] = call.words;
  checkSpeaker(call);
  using bus = openBus(call.system, { writer: "events" });
  const sql = call.flags.value("sql");
  const hasFilters = Object.keys(filters).length > 0 || sql !== undefined;
  const isBare = word === undefined && !hasFilters;
  const isOrder = subscriptionFlags.some((flag) => call.flags.has(flag.name));
  if (isBare && !isOrder) return printAll(call, bus);
  if (word === "list") {
    if (hasFilters || isOrder) throw usage("list shows all of them", "all: hcom events sub list");
    return printAll(call, bus);
  }
  const condition = [word, ...more].filter((one) => one !== undefined).join(" ");
  using _end = endOf(call, condition === "" ? (sql ?? "") : condition);
  const order: Order = {
    caller: callerOf(call, bus),
    condition: condition === "" ? undefined : condition,
    sql,
    filters,
    once: call.flags.has("once"),
    onHit: call.flags.value("on-hit"),
  };
  const made = subscribe(bus, order);
  if (call.json) {
    call.out.json({ id: made.id, created: made.isNew, historical_matches: made.past });
    return exitCode.ok;
  }
  if (call.out.view.isForPeople) {
    tellPerson(call, bus, { order, made });
    return exitCode.ok;
  }
  call.out.line(`Subscription ${made.id} ${made.isNew ? "created" : "already exists"}`);
  const shown = displayNames(bus);
  call.out.line(`  for: ${shown(order.caller.name)}`);
  call.out.line(`  historical matches: ${made.past} events`);
  const whose = order.caller.name === ownName(call, bus) ? "You" : shown(order.caller.name);
  call.out.line(`  ${whose} will be notified on the next matching event${order.once ? "" : "s"}`);
  return exitCode.ok;
}

/** Whoever sits there is told what will happen, and how to end it. */
function tellPerson(call: Call, bus: Bus, { order, made }: { order: Order; made: Subscribed }) {
  const { name } = order.caller;
  const isOwn = name === ownName(call, bus);
  const who = isOwn ? "You hear" : `${displayNames(bus)(name)} hears`;
  const what = order.condition ?? "what these filters find";
  const times = order.once ? "once" : "each time";
  const where = isOwn && name === human ? ", in hcom inbox" : "";
  const known = made.isNew ? "" : ", as before";
  const head = `${who} ${times} of ${what}${where} (${made.id})${known}.`;
  const line = [head, " End it: ", style.strong(`hcom events unsub ${made.id}`)];
  for (const one of wrapped(line, { width: call.out.view.width, indent: 2 })) call.out.line(...one);
}

/** What it waits for, for people: the scripts' columns of a request say little. */
function waitsFor(
  { mode, value }: ReturnType<typeof listed>[number],
  shown: (base: string) => string,
): string {
  const { target, request_id: request } = asObject(value["filters"]);
  if (mode !== "request") return conditionOf(value);
  return `${shown(String(target))} stops or rests without answering #${String(request)}`;
}

export function endSubscription(call: Call): number {
  const [, ...ids] = call.words;
  using bus = openBus(call.system, { writer: "events" });
  const removed = unsubscribe(bus, ids, ownName(call, bus), isInsideTool(bus));
  if (call.json) call.out.json({ removed });
  else for (const id of removed) call.out.line(`Removed ${id}`);
  if (ids.length === 0) call.out.note("name which: hcom events unsub ID; all: hcom events sub");
  return ids.length === 0 ? exitCode.usage : exitCode.ok;
}

/** Who has no mail hears nothing. */
function checkSpeaker({ flags }: Call): void {
  if (!flags.has("on-hit") && flags.has("as") && flags.value("as") !== human) {
    throw usage("a name from outside has no mail to be told by", "give it --on-hit TEXT to say");
  }
}

function usage(message: string, hint: string): Refusal {
  return new Refusal({ code: "usage", exit: exitCode.usage, message, hint });
}

/** A person's own subscriptions are bigboss's. */
function ownName(call: Call, bus: Bus): string {
  const name = callerName(bus, { name: call.name });
  return name === "user" ? human : name;
}

function callerOf(call: Call, bus: Bus): Order["caller"] {
  const other = call.flags.value("for");
  if (other !== undefined) {
    const row = findInstance(bus, other) ?? requireNamed(bus, other);
    return { name: row.name, kind: "instance" };
  }
  const external = call.flags.has("bigboss") ? human : call.flags.value("as");
  const sender = senderOf(bus, { name: call.name }, external);
  if (sender.kind === "instance") return { name: sender.name, kind: "instance" };
  return { name: sender.kind === "external" ? sender.name : human, kind: "external" };
}

function printAll(call: Call, bus: Bus): number {
  const all = listed(bus);
  if (call.json || !call.out.view.isForPeople) {
    for (const { id, caller, mode, value } of all) {
      call.out.json({
        id,
        for: caller,
        mode,
        filter: conditionOf(value),
        created: value["created"],
      });
    }
    return exitCode.ok;
  }
  if (all.length === 0) {
    call.out.line("Nobody is subscribed to anything. For example: hcom events sub idle:NAME");
    return exitCode.ok;
  }
  const shown = displayNames(bus);
  const head = ["ID", "FOR", "MODE", "FILTER"].map((word) => style.faint(word));
  const rows = all.map((one) => [
    ...[style.strong(one.id), style.name(shown(one.caller)), one.mode, waitsFor(one, shown)],
  ]);
  const columns = [{ least: 12 }, { least: 8 }, { least: 6 }, { least: 20 }];
  for (const line of table([head, ...rows], columns, call.out.view.width)) call.out.line(...line);
  call.out.line();
  const more = "End one: hcom events unsub ID.  Add one: hcom events sub idle:NAME";
  call.out.line(style.faint(more));
  call.out.line(style.faint("One in full: hcom events sub --json"));
  return exitCode.ok;
}
