// hcom events: the log, filtered, or wait for the next match.
import { type Bus, openBus } from "../bus/bus.ts";
import { type EventFilters, queryLog, searchLog, waitForEvent } from "../bus/events.ts";
import type { Call, Command, Flag } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import type { EventRow } from "../core/event.ts";
import { asObject, parseJson } from "../core/json.ts";
import { exitCode, Refusal } from "../core/refusal.ts";

const filterFlags: readonly Flag[] = [
  { name: "agent", value: "NAME", many: true, about: "events of this agent" },
  { name: "type", value: "message|status|life", many: true, about: "events of this type" },
  { name: "status", value: "STATUS", many: true, about: "changes to this status" },
  { name: "context", value: "TEXT", many: true, about: "status context, * for anything" },
  { name: "file", value: "PATH", many: true, about: "files written, part of the path or with *" },
  { name: "cmd", value: "TEXT", many: true, about: "shell commands: part, ^start or =exact" },
  { name: "from", value: "NAME", many: true, about: "messages of this sender" },
  { name: "mention", value: "NAME", many: true, about: "messages that name this agent" },
  { name: "intent", value: "INTENT", many: true, about: "messages with this intent" },
  { name: "thread", value: "NAME", many: true, about: "messages of this thread" },
  { name: "reply-to", value: "ID", many: true, about: "answers to this message" },
  {
    name: "action",
    value: "ACTION",
    many: true,
    about: "life events: created, ready, stopped ...",
  },
  { name: "after", value: "TIME", about: "from this time on (YYYY-MM-DD...)" },
  { name: "before", value: "TIME", about: "up to this time" },
  { name: "idle", value: "NAME", many: true, about: "this agent became idle" },
  { name: "blocked", value: "NAME", many: true, about: "this agent waits for approval" },
];

const command: Command = {
  name: "events",
  group: "log",
  summary: "query the log, or wait for an event",
  usage: ["events [filters] [--last N] [--full]", "events [filters] --wait [SECONDS]"],
  flags: [
    { name: "last", value: "N", about: "how many (20)" },
    { name: "full", about: "every field" },
    { name: "search", value: "WORDS", about: "messages that hold these words" },
    { name: "sql", value: "EXPR", about: "also this SQL condition over events_v" },
    { name: "wait", value: "SECONDS", optional: true, about: "wait for the first match (60)" },
    ...filterFlags,
  ],
  exits: { 1: "with --wait: nothing matched in time", 2: "bad filter or SQL" },
  examples: [
    "hcom events --agent luna --type status --last 5",
    "hcom events --file '*.ts' --after 2026-01-31",
    "hcom events --idle nova --wait 120",
    "hcom events --sql \"msg_from = 'luna' AND msg_thread IS NOT NULL\"",
  ],
  run: runEvents,
};
export default command;

async function runEvents(call: Call): Promise<number> {
  if (call.words[0] === "sub" || call.words[0] === "unsub" || call.words[0] === "launch") {
    throw new Refusal({
      code: "not_in_this_version",
      message: `hcom events ${call.words[0]} is not in this version`,
      hint: "wait for an event instead: hcom events [filters] --wait",
    });
  }
  if (call.words.length > 0) {
    throw usageError(command, `what is "${call.words.join(" ")}"? conditions are flags`);
  }
  const filters = filtersOf(call);
  const sql = call.flags.value("sql");
  const full = call.flags.has("full");
  using bus = openBus(call.system, { writer: "events" });
  const query = { filters, ...(sql === undefined ? {} : { sql }) };
  if (!call.flags.has("wait")) {
    const rows = rowsOf(call, bus, query);
    for (const row of rows) call.out.json(shown(row, filters, full));
    return exitCode.ok;
  }
  const found = await waitForEvent(bus, query, call.flags.number("wait") ?? 60);
  call.out.json(found === undefined ? { timed_out: true } : shown(found, filters, full));
  return found === undefined ? exitCode.error : exitCode.ok;
}

function rowsOf(call: Call, bus: Bus, query: { filters: EventFilters; sql?: string }): EventRow[] {
  const last = call.flags.number("last") ?? 20;
  const words = call.flags.value("search");
  if (words === undefined) return queryLog(bus, { ...query, last });
  if (query.sql !== undefined || Object.keys(query.filters).length > 0) {
    throw usageError(command, "--search stands alone: words are searched in all messages");
  }
  return searchLog(bus, words, last);
}

function filtersOf(call: Call): EventFilters {
  const filters: Record<string, string[]> = {};
  for (const { name } of filterFlags) {
    if (call.flags.has(name)) filters[name] = call.flags.values(name);
  }
  return filters;
}

const hidden: Record<string, readonly string[]> = {
  message: ["sender_kind", "scope", "delivered_to", "mentions", "reply_to"],
  status: ["position"],
  life: ["snapshot"],
};

/** Without `--full`: what a reader needs, short. */
function shown(row: EventRow, filters: EventFilters, full: boolean): object {
  const data = asObject(parseJson(row.data));
  const { id, timestamp, type, instance } = row;
  if (full) return { id, ts: timestamp, type, instance, data };
  const keep = { ...data };
  for (const key of hidden[type] ?? []) {
    if (!(key === "mentions" && filters.mention !== undefined)) delete keep[key];
  }
  const detail = keep["detail"];
  if (typeof detail === "string" && filters.cmd === undefined && filters.file === undefined) {
    keep["detail"] = [...detail].slice(0, 60).join("");
  }
  return { id, ts: timestamp.slice(0, 19), type, instance, data: keep };
}
