// hcom archive: the logs of before, and what was said in one of them.
import {
  type Archive,
  archivedAgents,
  listArchives,
  openArchived,
  pickArchive,
} from "../../bus/archive/archives.ts";
import { queryLog } from "../../bus/log/events.ts";
import type { Call, Command } from "../../cli/command.ts";
import { endOfSql } from "../../cli/event-filters.ts";
import { usageError } from "../../cli/parse.ts";
import { style } from "../../cli/style.ts";
import { table } from "../../cli/table.ts";
import { clock } from "../../cli/when.ts";
import { exitCode } from "../../core/refusal.ts";
import { isForPeople, printEvents } from "./print.ts";

const command: Command = {
  name: "archive",
  group: "log",
  summary: "logs from before a reset, and what was said in them",
  usage: [
    "archive [--here]",
    "archive ARCHIVE [--here] [--last N] [--sql SQL] [--full]",
    "archive ARCHIVE agents [--here]",
  ],
  firstWords: [
    { word: "ARCHIVE", about: "its number in the list (1 is the newest), or a part of its name" },
  ],
  mostWords: 2,
  flags: [
    { name: "here", about: "only those in which an agent worked in this directory" },
    { name: "last", value: "N", about: "how many events (default 20)" },
    { name: "sql", value: "SQL", about: "only events for which this holds, as in: hcom events" },
    { name: "full", about: "every field of each event" },
  ],
  exits: { 3: "no such archive" },
  examples: ["hcom archive", "hcom archive 1 --last 50", "hcom archive 2026-11 agents"],
  run: runArchive,
};
export default command;

function runArchive(call: Call): number {
  const all = listArchives(call.system, call.flags.has("here") ? call.system.cwd : undefined);
  const [selector, what] = call.words;
  if (selector === undefined) return printList(call, all);
  if (what !== undefined && what !== "agents") {
    throw usageError(command, `what is "${what}"? agents, or nothing for what was said`);
  }
  const archive = pickArchive(all, selector);
  using bus = openArchived(call.system, archive);
  if (what === "agents") return printAgents(call, archivedAgents(bus));
  const sql = call.flags.value("sql");
  const last = call.flags.number("last") ?? 20;
  const query = { filters: {}, sql, caller: undefined, last };
  using _end = sql === undefined ? undefined : endOfSql(call, sql, 0);
  printEvents(call, bus, { rows: queryLog(bus, query), filters: {}, isArchived: true });
  if (isForPeople(call) && sql === undefined && archive.events > last) {
    const more = `hcom archive ${selector} --last ${archive.events}`;
    call.out.line(style.faint(`${last} of ${archive.events} shown; more: ${more}`));
  }
  return exitCode.ok;
}

function printList(call: Call, all: readonly Archive[]): number {
  const { out } = call;
  if (call.json) out.json({ archives: all, count: all.length });
  else if (all.length === 0) {
    const isHere = call.flags.has("here");
    out.line(
      isHere
        ? "None from this directory; all: hcom archive"
        : "Nothing was archived yet: hcom reset does it",
    );
  } else {
    out.line("Archives:");
    const now = call.system.now();
    const rows = all.map((one) => [
      `${one.index}. ${one.name}`,
      style.faint(clock(Date.parse(one.timestamp), now)),
      one.problem === undefined ? `${one.events} events` : style.bad("cannot be read"),
      one.problem === undefined ? `${one.instances} agents` : one.problem,
    ]);
    for (const line of table(rows, [{ least: 28 }, {}, {}, { least: 10 }], out.view.width - 2)) {
      out.line("  ", ...line);
    }
    out.line(style.faint("What was said: hcom archive N. Who was there: hcom archive N agents"));
  }
  return exitCode.ok;
}

function printAgents(call: Call, agents: ReturnType<typeof archivedAgents>): number {
  const { out } = call;
  if (call.json) out.json(agents);
  else if (agents.length === 0) out.line("Nobody was there");
  const rows = agents.map((one) => [
    style.name(one.name),
    one.status,
    style.faint(one.directory),
    style.faint(one.transcript_path),
  ]);
  const columns = [{ least: 8 }, {}, { least: 12 }, { least: 20 }];
  if (!call.json) for (const line of table(rows, columns, out.view.width)) out.line(...line);
  return exitCode.ok;
}
