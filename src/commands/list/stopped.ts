// Agents that have stopped: a table of them, or all that is known about one.
import { requireNamed } from "../../bus/agents/identity.ts";
import { resumeCommand, resumeWords } from "../../bus/agents/stopped.ts";
import type { Bus } from "../../bus/bus.ts";
import { type Stop, stopHistory } from "../../bus/life/stops.ts";
import { projectOf } from "../../cli/agent-row.ts";
import type { Call } from "../../cli/command.ts";
import { type Part, style, textOf } from "../../cli/style.ts";
import { table } from "../../cli/table.ts";
import { ago, clock } from "../../cli/when.ts";
import { endWords } from "../../core/events/end-words.ts";
import { toolShown } from "../../core/names/ad-hoc.ts";

import { bareName } from "../../core/names/address.ts";
import { exitCode } from "../../core/refusal.ts";

export function printStopped(call: Call, bus: Bus): number {
  const [word] = call.words;
  const name = word === undefined ? undefined : bareName(word);
  const last = call.flags.has("all") ? Number.MAX_SAFE_INTEGER : (call.flags.number("last") ?? 20);
  const { stops, total } = stopHistory(bus, { name, last });
  if (name !== undefined && stops.length === 0) requireNamed(bus, name);
  if (call.json) call.out.json(stops.map((stop) => ({ ...stop, resume: commandOf(stop) })));
  else if (stops.length === 0) call.out.line("Nobody has stopped. Who is here: hcom list");
  else if (name === undefined) printAll(call, stops.map(withWords), total);
  else printHistory(call, stops.map(withWords), total);
  return exitCode.ok;
}

const columns = [{ least: 8 }, {}, {}, { least: 6 }, { least: 4 }, {}];
const head = ["AGENT", "TOOL", "STOPPED", "HOW", "PROJECT", "TO RESUME"].map((word) =>
  style.faint(word),
);

function printAll(call: Call, stops: readonly Resumable[], total: number): void {
  const rows = stops.map((stop) => [
    style.name(stop.name),
    style.faint(toolShown(stop.tool)),
    ago(stop.age),
    endOf(stop),
    style.faint(projectOf(stop.directory)),
    style.strong(stop.words),
  ]);
  const heads = call.out.view.isForPeople ? [head] : [];
  const { width } = call.out.view;
  const lines = table([...heads, ...rows], columns, width);
  const isWhole = stops.every(({ words }, at) =>
    textOf(lines[at + heads.length]?.at(-1) ?? "").endsWith(words),
  );
  if (isWhole) for (const line of lines) call.out.line(...line);
  else printNarrow(call, rows, stops);
  call.out.line();
  const shown = total > stops.length ? `${stops.length} of ${total} shown; all: --all. ` : "";
  call.out.line(style.faint(`${shown}One of them: hcom list --stopped NAME`));
}

/** A command that is cut cannot be copied: it has a line of its own. */
function printNarrow(call: Call, rows: readonly Part[][], stops: readonly Resumable[]): void {
  const lines = table(
    rows.map((row) => row.slice(0, -1)),
    columns,
    call.out.view.width,
  );
  for (const [at, line] of lines.entries()) {
    call.out.line(...line);
    call.out.line("    ", style.strong(stops[at]?.words ?? ""));
  }
}

function printHistory(call: Call, stops: readonly Resumable[], total: number): void {
  const [newest, ...older] = stops;
  if (newest === undefined) return;
  const { out } = call;
  const now = call.system.now();
  const stoppedAt = now - newest.age * 1000;
  out.line(style.name(newest.name), ` stopped ${ago(newest.age)}: ${endOf(newest)}`);
  const facts: [string, string | null][] = [
    ["at", clock(stoppedAt, now)],
    ["tool", toolShown(newest.tool)],
    ["tag", newest.tag],
    // The line above says both in words.
    ["reason", out.view.isForPeople ? null : newest.reason],
    ["by", out.view.isForPeople ? null : newest.by],
    ["directory", newest.directory],
    ["session", newest.session_id],
    ["transcript", newest.transcript_path],
  ];
  const rows: [Part, string][] = facts
    .filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== "")
    .map(([key, value]) => [style.faint(`${key}:`), value]);
  for (const line of table(rows, [{}, { least: 20 }], out.view.width - 4))
    out.line("    ", ...line);
  if (older.length > 0) out.line("  before that:");
  for (const stop of older) {
    out.line(`    ${clock(now - stop.age * 1000, now)}  ${endOf(stop)}`);
  }
  if (total > stops.length) out.line(`    ${stops.length} of ${total} shown; all: --all`);
  out.line("Resume: ", style.strong(newest.words));
}

/** How it is taken up again, for people. */
type Resumable = Stop & { words: string };

function withWords(stop: Stop): Resumable {
  return { ...stop, words: resumeWords({ ...stop, name: stop.base_name }) };
}

function commandOf(stop: Stop): string {
  return resumeCommand({ ...stop, name: stop.base_name });
}

function endOf(stop: Stop): string {
  return endWords({ ...stop, name: stop.base_name });
}
