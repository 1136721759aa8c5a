// hcom events: the log, filtered, or wait for the next match.
import { callerName, isInsideTool, whoAmI } from "../../bus/agents/identity.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { toldFromNow } from "../../bus/inbox.ts";
import type { Question } from "../../bus/log/condition.ts";
import { queryLog, searchLog, waitForEvent } from "../../bus/log/events.ts";
import { followEvents } from "../../bus/log/follow-events.ts";
import { pendingMail } from "../../bus/mail/pending.ts";
import type { Call, Command } from "../../cli/command.ts";
import { endOfSql, filterFlags, filtersOf } from "../../cli/event-filters.ts";
import { usageError } from "../../cli/parse.ts";
import { style } from "../../cli/style.ts";
import { exitCode } from "../../core/refusal.ts";
import { presetsInWords } from "../../core/watch/preset.ts";
import { awaitLaunch } from "./launch.ts";
import { followPrinter, isForPeople, printEvents, sayMore } from "./print.ts";
import { subscriptionFlags } from "./sub-flags.ts";

const command: Command = {
  name: "events",
  group: "log",
  summary: "query the log, or wait for an event",
  usage: [
    "events [filters] [--all] [--last N] [--full]",
    "events [filters] --wait [SECONDS] [--full]",
    "events [filters] --follow [--last N | --after-id N] [--full]",
    "events --search WORDS [--last N] [--full]",
    "events sub PRESET|SQL|filters [--once] [--on-hit TEXT] [--as NAME | -b]",
    "events sub PRESET|SQL|filters [--once] --for NAME",
    "events sub",
    "events unsub ID|PRESET",
    "events launch [BATCH] [--timeout SECONDS]",
    "events [filters] --device DEVICE [--last N] [--full]",
  ],
  flags: [
    { name: "last", value: "N", about: "how many (default 20)" },
    { name: "full", about: "every field" },
    { name: "all", about: "the archives, too; each event says where it is from" },
    { name: "search", value: "WORDS", about: "messages that hold these words" },
    {
      name: "wait",
      value: "SECONDS",
      optional: true,
      about: "wait for the first match, also one of the last 10 s (default 60)",
    },
    { name: "follow", short: "f", about: "print new events as they come" },
    { name: "after-id", value: "N", about: "with --follow: begin behind this event" },
    { name: "timeout", value: "SECONDS", about: "with launch: how long to wait (default 30)" },
    { name: "device", value: "DEVICE", about: "the log of another device of the group" },
    { name: "remote-fetch", about: "with --device, where a script says it: the same" },
    ...subscriptionFlags,
    ...filterFlags,
  ],
  tables: [
    {
      title: "What it prints:",
      rows: [
        ["at a terminal", "a line for each event"],
        ["in a pipe, to an agent", "a JSON object for each event, on a line of its own"],
      ],
    },
    { title: "Presets, short words for conditions (sub, --sql):", rows: presetsInWords },
  ],
  exits: {
    1: "with --wait: nothing matched in time; with launch: one failed",
    2: "wrong usage, or bad SQL; with launch: still starting or asking its person",
    3: "no such agent, subscription or launch",
  },
  examples: [
    "hcom events --agent luna --type status --last 5",
    "hcom events --file '*.ts' --after 2h",
    "hcom events --idle nova --wait 120",
    "hcom events --participant luna --after today",
    "hcom events sub idle:luna --once",
    "hcom events sub --file src/api --type status",
    "hcom events --sql \"msg_from = 'luna' AND msg_thread IS NOT NULL\"",
  ],
  run: runEvents,
};
export default command;

async function runEvents(call: Call): Promise<number> {
  if (call.words.length > 0 && isElsewhere(call)) {
    const hint = "subscriptions are kept here; they hear events of other devices, too";
    throw usageError(command, "--device asks for the log of another device", hint);
  }
  if (call.words[0] === "sub") {
    return (await import("./sub.ts")).subscribeTo(call, filtersOf(call), endOf);
  }
  if (call.words[0] === "unsub") return (await import("./sub.ts")).endSubscription(call);
  if (call.words[0] === "launch") return awaitLaunch(call);
  if (call.words.length > 0) {
    throw usageError(command, `what is "${call.words.join(" ")}"? conditions are flags`);
  }
  const filters = filtersOf(call);
  const sql = call.flags.value("sql");
  using bus = openBus(call.system, { writer: "events" });
  if (isElsewhere(call)) {
    return await (await import("./remote.ts")).printRemote(call, bus, { command, filters });
  }
  const query = { filters, sql, caller: callerName(bus, { name: call.name }) };
  const isEndless = call.flags.has("follow");
  using _end = sql === undefined || isEndless ? undefined : endOf(call, sql);
  if (call.flags.has("wait")) return await waitForOne(call, bus, query);
  if (call.flags.has("follow")) return await follow(call, bus, query);
  if (call.flags.has("all")) {
    const { printEverywhere } = await import("./everywhere.ts");
    return printEverywhere(call, bus, query, lastOf(call));
  }
  const words = call.flags.value("search");
  const last = lastOf(call);
  // One more than asked for tells whether there is more.
  const found =
    words === undefined
      ? queryLog(bus, { ...query, last: last + 1 })
      : searchLog(bus, words, last + 1);
  const rows = found.slice(Math.max(0, found.length - last));
  printEvents(call, bus, { rows, filters });
  if (found.length > last) sayMore(call, bus, { query, words, shown: rows.length });
  return exitCode.ok;
}

function isElsewhere({ flags }: Call): boolean {
  return flags.has("device") || flags.has("remote-fetch");
}

function endOf(call: Call, sql: string): Disposable {
  const waitMs = call.flags.has("wait") ? (call.flags.number("wait") ?? 60) * 1000 : 0;
  return endOfSql(call, sql, waitMs);
}

async function waitForOne(call: Call, bus: Bus, query: Question): Promise<number> {
  const seconds = call.flags.number("wait") ?? 60;
  const caller = whoAmI(bus, { name: call.name });
  // Mail of its own is what an agent waits for most.
  // A script of the person's takes an exit of 0 for a match: only eyes are told of mail.
  const told = isInsideTool(bus) || !isForPeople(call) ? () => [] : toldFromNow(bus);
  const mail = () => (caller.kind === "instance" ? pendingMail(bus, caller.name).ids : told());
  const found = await waitForEvent(bus, query, seconds, () => mail().length > 0);
  if (found !== undefined) {
    printEvents(call, bus, { rows: [found], filters: query.filters });
    return exitCode.ok;
  }
  const waiting = mail();
  if (waiting.length > 0) sayMail(call, waiting);
  else if (isForPeople(call)) call.out.line(`Nothing matched within ${seconds} s`);
  else call.out.json({ timed_out: true });
  return waiting.length > 0 ? exitCode.ok : exitCode.error;
}

/** What it says comes by the hook behind this command, or behind its output. */
function sayMail(call: Call, ids: readonly number[]): void {
  if (!isForPeople(call)) call.out.json({ interrupted: "mail", unread: ids });
  else call.out.line(`No match yet, but mail for you: ${ids.map((id) => `#${id}`).join(", ")}`);
}

/** Until nobody reads it any more, or Ctrl+C. */
async function follow(call: Call, bus: Bus, query: Question): Promise<number> {
  const last = call.flags.has("last") ? lastOf(call) : 0;
  const given = call.flags.number("after-id");
  const before = given === undefined && last > 0 ? queryLog(bus, { ...query, last }) : [];
  const after = given ?? before.at(-1)?.id;
  const print = followPrinter(call, bus, query.filters);
  print(before);
  // It may be long before anything new comes.
  if (!(await call.out.flush())) return exitCode.ok;
  for await (const next of followEvents(bus, { ...query, after })) {
    if (next.kind === "events") print(next.rows);
    else if (isForPeople(call)) call.out.line(style.faint("The log begins anew."));
    else call.out.json({ db_reset: true });
    if (!(await call.out.flush())) break;
  }
  return exitCode.ok;
}

function lastOf(call: Call): number {
  return call.flags.number("last") ?? 20;
}
