// Bundles as people, agents and scripts read them.

import { type Expansion, expandBundle } from "../../bus/bundles/expand.ts";
import { type Bundle, chainOf, listBundles, requireBundle } from "../../bus/bundles/find.ts";
import type { Bus } from "../../bus/bus.ts";
import { displayNames } from "../../bus/display-names.ts";
import type { Call } from "../../cli/command.ts";
import { eventColumns, eventRow } from "../../cli/event-row.ts";
import { type Part, style } from "../../cli/style.ts";
import { table } from "../../cli/table.ts";
import { transcriptText } from "../../cli/transcript-text.ts";
import { ago, clock } from "../../cli/when.ts";
import { countsOf } from "../../core/bundles/summary.ts";
import { asObject, parseJson } from "../../core/json.ts";
import { withinLine } from "../../core/printable.ts";
import { exitCode } from "../../core/refusal.ts";

export function printList(call: Call, bus: Bus): number {
  const { bundles, total } = listBundles(bus, call.flags.number("last") ?? 20);
  const { out } = call;
  if (call.json) out.json(bundles.map(asJson));
  else if (total === 0)
    out.line("There are no bundles yet. What to put into one: hcom bundle prepare --for NAME");
  else {
    const rows = bundles.map((bundle) => [
      style.strong(bundle.data.bundle_id),
      bundle.data.title,
      style.faint(ago((call.system.now() - Date.parse(bundle.timestamp)) / 1000)),
      style.name(bundle.data.created_by),
      style.faint(countsOf(bundle.data.refs).join(", ")),
    ]);
    const columns = [{}, { least: 16 }, {}, { least: 8 }, { least: 12 }];
    for (const line of table(rows, columns, out.view.width)) out.line(...line);
    if (total > bundles.length)
      out.line(
        style.faint(`${bundles.length} of ${total} shown; more: hcom bundle list --last ${total}`),
      );
  }
  return exitCode.ok;
}

export function printShow(call: Call, bus: Bus, id: string): number {
  const bundle = requireBundle(bus, id);
  if (call.json) call.out.json(asJson(bundle));
  else {
    printHead(call, bundle);
    const { files, events, transcript } = bundle.data.refs;
    call.out.line(style.faint("files: "), files.map(withinLine).join(", "));
    call.out.line(style.faint("events: "), events.join(", "));
    const parts = transcript.map((ref) => partOf(ref, ref.agent ?? bundle.data.created_by));
    call.out.line(style.faint("transcript: "), parts.join(", "));
    call.out.line("All of it: ", style.strong(`hcom bundle cat ${bundle.data.bundle_id}`));
  }
  return exitCode.ok;
}

function printHead({ out, system }: Call, { id, timestamp, data }: Bundle): void {
  const when = clock(Date.parse(timestamp), system.now());
  out.line(style.strong(data.bundle_id), ` ${data.title}`, style.faint(`  #${id}  ${when}`));
  out.line(style.faint("by "), style.name(data.created_by));
  out.line(data.description.replaceAll("\r\n", "\n"));
  if (data.extends !== undefined) out.line(style.faint("goes on from "), data.extends);
}

function partOf(
  { range, detail, note }: { range: string; detail: string; note?: string },
  of: string,
) {
  return `${of} ${range} (${detail}${note === undefined ? "" : `; ${note}`})`;
}

export async function printCat(call: Call, bus: Bus, id: string): Promise<number> {
  const bundle = requireBundle(bus, id);
  const expansion = await expandBundle(bus, bundle);
  if (call.json) call.out.json({ ...asJson(bundle), ...expandedJson(expansion) });
  else {
    printHead(call, bundle);
    printFiles(call, expansion.files);
    printTranscripts(call, expansion.transcript);
    printEvents(call, bus, expansion.events);
  }
  return exitCode.ok;
}

const states = {
  same: style.good("as it was"),
  changed: style.warn("changed since"),
  gone: style.bad("gone"),
  there: style.faint("there; what it was is not noted"),
  outside: style.faint("outside of this directory: not looked at"),
  elsewhere: style.faint("on another device"),
} as const;

function printFiles({ out }: Call, files: Expansion["files"]): void {
  out.line("");
  out.line("Files:");
  for (const { path, bytes, sha256, excerpt, state } of files) {
    const size = bytes === undefined ? "" : `  ${bytes} bytes`;
    const hash = sha256 === undefined ? "" : `  sha256 ${sha256.slice(0, 12)}`;
    out.line(`  ${withinLine(path)}  `, states[state], style.faint(`${size}${hash}`));
    for (const line of excerpt?.split("\n") ?? []) out.line(style.faint(`    | ${line}`));
  }
}

function printTranscripts({ out }: Call, parts: Expansion["transcript"]): void {
  for (const { transcript, problem, ...ref } of parts) {
    out.line("");
    out.line(`Transcript of ${partOf(ref, ref.agent)}:`);
    if (problem !== undefined) out.line("  ", style.warn(problem));
    const lines = transcript === undefined ? [] : transcriptText(transcript).slice(1);
    for (const line of lines) out.line(line === "" ? "" : `  ${line.replaceAll("\n", "\n  ")}`);
  }
}

function printEvents(call: Call, bus: Bus, events: Expansion["events"]): void {
  const { out } = call;
  const view = { nowMs: call.system.now(), shown: displayNames(bus) };
  out.line("");
  out.line("Events:");
  const cells = events.flatMap(({ rows }) => rows.map((row) => eventRow(row, view)));
  const lines: Part[][] = table(cells, eventColumns, out.view.width - 2);
  for (const line of lines) out.line("  ", ...line);
  for (const { ref, problem } of events) {
    if (problem !== undefined) out.line("  ", style.warn(`${ref}: ${problem}`));
  }
}

export function printChain(call: Call, bus: Bus, id: string): number {
  const { bundles, missing } = chainOf(bus, requireBundle(bus, id));
  const { out } = call;
  if (call.json) {
    out.json({ chain: bundles.map(asJson), missing: missing ?? null });
    return exitCode.ok;
  }
  for (const [at, { id: event, timestamp, data }] of bundles.entries()) {
    const when = style.faint(`  #${event}  ${clock(Date.parse(timestamp), call.system.now())}`);
    out.line(
      `${"  ".repeat(at)}${at === 0 ? "" : "↳ "}`,
      style.strong(data.bundle_id),
      ` ${data.title}`,
      when,
    );
  }
  if (missing !== undefined)
    out.line("  ".repeat(bundles.length), style.warn(`↳ ${missing}: not here`));
  return exitCode.ok;
}

function asJson({ id, timestamp, data }: Bundle): object {
  return { ...data, event_id: id, ts: timestamp };
}

function expandedJson({ files, transcript, events }: Expansion): object {
  return {
    files,
    transcript,
    events: events.map(({ ref, rows, problem }) => ({
      ref,
      ...(problem === undefined ? {} : { problem }),
      events: rows.map(({ id, timestamp, type, instance, data }) => ({
        ...{ id, ts: timestamp, type, instance },
        data: asObject(parseJson(data)),
      })),
    })),
  };
}
