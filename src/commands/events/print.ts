// How events are shown: rows for people at a terminal, JSON lines for everybody else.
import type { Bus } from "../../bus/bus.ts";
import { displayNames } from "../../bus/display-names.ts";
import type { Question } from "../../bus/log/condition.ts";
import { countLog, type EventFilters } from "../../bus/log/events.ts";
import type { Call } from "../../cli/command.ts";
import { eventColumns, eventRow, wholeMessage } from "../../cli/event-row.ts";
import { startOne } from "../../cli/next-step.ts";
import { type Part, style } from "../../cli/style.ts";
import { table } from "../../cli/table.ts";
import type { EventRow } from "../../core/event.ts";
import { asObject, parseJson } from "../../core/json.ts";

/** A person at a terminal who did not ask for JSON. */
export function isForPeople(call: Call): boolean {
  return !call.json && call.out.view.isForPeople;
}

interface Printed {
  rows: readonly EventRow[];
  filters: EventFilters;
  /** Which log they are from, where several were asked. */
  source?: string;
  /** Their numbers are those of another log than the one that is read by number. */
  isArchived?: boolean;
}

export function printEvents(
  call: Call,
  bus: Bus,
  { rows, filters, source, isArchived }: Printed,
): void {
  const isFull = call.flags.has("full");
  if (!isForPeople(call)) {
    const from = source === undefined ? {} : { source };
    for (const row of rows) call.out.json({ ...shown(row, filters, isFull), ...from });
    return;
  }
  const { out } = call;
  if (rows.length === 0) {
    const isAll = Object.keys(filters).length === 0 && !call.flags.has("search");
    const none = `Nothing has happened yet. ${startOne}`;
    out.line(isAll ? none : "Nothing matches; without filters: hcom events");
    return;
  }
  const lines = peopleLines(call, bus, rows);
  for (const line of lines) out.line(...line);
  const whole = isArchived === true ? undefined : wholeMessage(rows, lines);
  if (whole !== undefined) out.line(...whole);
}

interface More {
  query: Question;
  words: string | undefined;
  shown: number;
}

/** People are told how many there are; a script, which should not wait for that, that there are. */
export function sayMore(call: Call, bus: Bus, { query, words, shown }: More): void {
  const isCounted = isForPeople(call) && words === undefined;
  const total = isCounted ? ` of ${countLog(bus, query)} shown` : " shown, there are more";
  if (isForPeople(call)) call.out.line(style.faint(`${shown}${total}; --last N shows more`));
  else if (Object.keys(query.filters).length > 0 && !call.flags.has("last")) {
    call.out.note(`[the last ${shown}${total}: --last N]`);
  }
}

/** Columns stay where they are: they are made over what stands above, too. */
const above = 40;

export function followPrinter(
  call: Call,
  bus: Bus,
  filters: EventFilters,
): (rows: readonly EventRow[]) => void {
  const isFull = call.flags.has("full");
  if (!isForPeople(call)) {
    return (rows) => {
      for (const row of rows) call.out.json(shown(row, filters, isFull));
    };
  }
  let recent: EventRow[] = [];
  return (rows) => {
    recent = [...recent, ...rows].slice(-Math.max(above, rows.length));
    const lines = peopleLines(call, bus, recent);
    for (const line of lines.slice(lines.length - rows.length)) call.out.line(...line);
  };
}

function peopleLines(call: Call, bus: Bus, rows: readonly EventRow[]): Part[][] {
  const view = { nowMs: call.system.now(), shown: displayNames(bus), isForPerson: true };
  const cells = rows.map((row) => eventRow(row, view));
  const width = call.flags.has("full") ? Number.POSITIVE_INFINITY : call.out.view.width;
  return table(cells, eventColumns, width);
}

const hidden: Record<string, readonly string[]> = {
  message: ["sender_kind", "scope", "delivered_to", "mentions", "reply_to"],
  status: ["position"],
  life: ["snapshot"],
  bundle: ["file_facts"],
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
