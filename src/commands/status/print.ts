// The facts of `hcom status` for people: what is in order in one line each, what is not with the
// next step.

import { heldBy } from "../../cli/agent-row.ts";
import type { Call } from "../../cli/command.ts";
import { startOne } from "../../cli/next-step.ts";
import { nextSteps } from "../../cli/person/agent-table.ts";
import { wrapped } from "../../cli/person/wrap.ts";
import { type Part, style } from "../../cli/style.ts";
import { clock } from "../../cli/when.ts";
import { asText } from "../../core/json.ts";
import { statusWords } from "../../core/status.ts";
import type { Facts } from "./gather.ts";
import type { ToolFacts } from "./tools.ts";

export function printFacts(call: Call, facts: Facts): void {
  call.out.line(style.strong(`hcom ${facts.version.current}`));
  const rows: Row[] = [
    ...directoryRows(facts),
    ...databaseRows(facts),
    ["settings", facts.config_valid ? style.good("ok") : style.bad(facts.config_errors.join("; "))],
    ...facts.config_notes.map((note): Row => ["", note]),
    ["terminal", ...terminalOf(facts)],
    ...toolRows(facts.tools),
    ["agents", ...agentsOf(facts)],
    ...heldRows(facts),
    ...launchRows(call, facts),
    ["mail", ...mailOf(facts)],
    ["last hour", ...logOf(facts)],
  ];
  print(call, rows);
  if (call.flags.has("logs")) printLogs(call, facts);
}

/** What it is about, once, and what is so. */
type Row = [name: string, ...what: Part[]];

function print(call: Call, rows: readonly Row[]): void {
  const indent = Math.max(...rows.map(([name]) => name.length)) + 3;
  const { width } = call.out.view;
  for (const [name, ...what] of rows) {
    const head = name === "" ? "" : `${name}:`;
    const line: Part[] = [style.faint(head.padEnd(indent)), ...what];
    for (const one of wrapped(line, { width, indent })) call.out.line(...one);
  }
}

function directoryRows(facts: Facts): Row[] {
  const { hcom_dir: dir, hcom_dir_problem: problem, hcom_dir_hint: hint } = facts;
  if (problem !== null) {
    const next: Row[] = hint === null ? [] : [["", hint]];
    return [["directory", dir, " (", style.bad("not usable"), `: ${problem})`], ...next];
  }
  const relative = ": relative, so another one in each working directory";
  const given = facts.hcom_dir_override ? ", from HCOM_DIR" : "";
  const notes = facts.hcom_dir_relative ? `${given}${relative}` : given;
  const open = facts.hcom_dir_open_to;
  const warning: Row[] =
    open === null
      ? []
      : [["", style.bad(`${open} may write to it, and so read and change all: chmod go-w ${dir}`)]];
  return [["directory", dir, " (", roomOf(facts), `${notes})`], ...warning];
}

function roomOf({ hcom_exists: exists, hcom_room: room }: Facts): Part {
  if (!exists) return style.faint("not made yet");
  if (room === "ok") return style.good("ok");
  return style.bad(room === "full" ? "the disk is full" : room);
}

function databaseRows(facts: Facts): Row[] {
  const { database, log_holders: holders, taken_over: before, earlier_agents: earlier } = facts;
  const unasked = ["not made yet", "not looked at"];
  const state = style[unasked.includes(database) ? "faint" : "bad"](database);
  return [
    ["database", database === "ok" ? style.good(database) : state],
    ...holders.map(
      ({ pid, command }): Row => [
        "",
        style.warn("its log was removed while this process has it open: "),
        `pid ${pid} (${command})`,
        "; programs of hcom open the new one by themselves, others have to be ended",
      ],
    ),
    ...(before === null ? [] : [takenOver(before)]),
    ...earlier.map(
      ({ name, pid }): Row => [
        "",
        style.warn("an agent of the hcom that was here before still runs: "),
        `${name} (pid ${pid}); end it and start it again: what it writes may not be seen`,
      ],
    ),
  ];
}

function takenOver({ schema, archive }: { schema: number; archive: string }): Row {
  return ["", `was another hcom's (schema ${schema}); as it was: ${archive}`];
}

function terminalOf({ terminal }: Facts): Part[] {
  const { config, available, inside } = terminal;
  if (!available)
    return [style.bad(config), ": agents cannot be opened there; hcom config terminal --info"];
  return [config, ...(inside === null ? [] : [style.faint(` (inside ${inside})`)])];
}

function toolRows(facts: Readonly<Record<string, ToolFacts>>): Row[] {
  return Object.entries(facts).flatMap(([name, tool]): Row[] => [
    [name, ...stateOf(name, tool)],
    ...tool.hook_obstacles.map((obstacle): Row => ["", style.bad("hooks do not run: "), obstacle]),
  ]);
}

function stateOf(name: string, tool: ToolFacts): Part[] {
  if (tool.installed) return [style.good("installed"), ", ", ...hooksOf(name, tool)];
  const isBare = tool.hooks === "not_installed";
  return [style.faint("not found on PATH"), ...(isBare ? [] : [", ", ...hooksOf(name, tool)])];
}

function hooksOf(name: string, { hooks }: ToolFacts): Part[] {
  switch (hooks) {
    case "installed":
      return ["hooks installed"];
    case "not_running":
      return [style.bad("hooks in its settings, not running")];
    case "out_of_date":
      return [style.warn("hooks out of date"), `: hcom hooks add ${name}`];
    case "refused":
      return [style.bad("hooks refused"), ": hcom hooks"];
    default:
      return ["no hooks in its settings ", style.faint(`(none needed for hcom ${name})`)];
  }
}

function agentsOf({ instances }: Facts): Part[] {
  const counts = Object.entries(instances).filter(
    ([status, count]) => status !== "total" && typeof count === "number" && count > 0,
  );
  if (counts.length === 0) return [`none. ${startOne}`];
  const words: Readonly<Record<string, string>> = {
    ...statusWords,
    inactive: `with ${statusWords.inactive}`,
  };
  return [counts.map(([status, count]) => `${count} ${words[status] ?? status}`).join(", ")];
}

/** What holds it, and below that what to do. */
function heldRows({ held }: Facts): Row[] {
  return held.flatMap(({ name, unread, hold }): Row[] => {
    const mail = unread === 0 ? "" : ` +${unread}`;
    const next = nextSteps(hold);
    const what = style.warn(heldBy(hold) ?? hold.text);
    const row: Row = ["", style.name(name), style.warn(mail), "  ", what];
    return next.length === 0 ? [row] : [row, ["", "  next: ", ...next]];
  });
}

function launchRows(call: Call, { instances }: Facts): Row[] {
  return instances.launch_failures.map(({ name, ts, reason, detail }): Row => {
    const at = clock(Date.parse(ts), call.system.now());
    const why = detail === "" ? reason.replaceAll("_", " ") : detail;
    return ["", style.bad(`${name} could not be launched`), ` (${at}): ${why}`];
  });
}

function mailOf({ delivery }: Facts): Part[] {
  if (delivery === null) return [style.faint("none")];
  const { waiting, unproven, dead } = delivery;
  return [`${waiting} waiting, ${unproven} handed over (not yet proved), ${dead} undeliverable`];
}

function logOf({ logs }: Facts): Part[] {
  const { error_count: errors, warn_count: warnings } = logs;
  const more = errors + warnings === 0 ? "" : "; see them: hcom status --logs";
  const text = `${counted(errors, "error")}, ${counted(warnings, "warning")}`;
  return [errors > 0 ? style.bad(text) : text, more];
}

function printLogs(call: Call, { logs }: Facts): void {
  const { out } = call;
  if (!out.view.isForPeople) {
    for (const entry of logs.entries) out.line(`  ${JSON.stringify(entry)}`);
    return;
  }
  out.line();
  for (const entry of logs.entries) {
    const { ts, level, subsystem, event, pid: _pid, msg, ...more } = entry;
    const line = [
      style.faint(`${clock(Date.parse(asText(ts) ?? ""), call.system.now())}  `),
      style[level === "error" ? "bad" : "warn"](
        `${asText(subsystem) ?? ""} ${asText(event) ?? ""}`,
      ),
      msg === undefined ? "" : `: ${asText(msg)}`,
      style.faint(
        Object.entries(more)
          .map(([key, value]) => ` ${key}=${String(value)}`)
          .join(""),
      ),
    ];
    for (const one of wrapped(line, { width: out.view.width, indent: 4 })) out.line(...one);
  }
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
