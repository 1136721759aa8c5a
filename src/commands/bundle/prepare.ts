// hcom bundle prepare: what a bundle about an agent could hold, and the command that makes it.

import { categories, type Proposal, proposeBundle } from "../../bus/bundles/prepare.ts";
import { openBus } from "../../bus/bus.ts";
import { displayNames } from "../../bus/display-names.ts";
import type { Call } from "../../cli/command.ts";
import { eventColumns, eventRow } from "../../cli/event-row.ts";
import { style } from "../../cli/style.ts";
import { table } from "../../cli/table.ts";
import { transcriptText } from "../../cli/transcript-text.ts";
import { asObject, parseJson } from "../../core/json.ts";
import { exitCode } from "../../core/refusal.ts";

export async function runPrepare(call: Call): Promise<number> {
  const { flags } = call;
  using bus = openBus(call.system, { writer: "bundle" });
  const proposal = await proposeBundle(bus, {
    agent: flags.value("for"),
    name: call.name,
    lastTranscript: flags.number("last-transcript") ?? 20,
    lastEvents: flags.number("last-events") ?? 30,
  });
  const isCompact = flags.has("compact");
  if (call.json) call.out.json(asJson(call, proposal, isCompact));
  else
    for (const line of linesOf(call, proposal, isCompact, displayNames(bus)))
      call.out.line(...line);
  return exitCode.ok;
}

function asJson(call: Call, proposal: Proposal, isCompact: boolean): object {
  const { agent, transcript, events, files } = proposal;
  const { exchanges, ...about } = transcript;
  const shown = categories.map((kind) => [
    kind,
    events[kind].map(({ id, timestamp, type, instance, data }) =>
      isCompact ? id : { id, ts: timestamp, type, instance, data: asObject(parseJson(data)) },
    ),
  ]);
  return {
    agent,
    transcript: isCompact ? about : { ...about, exchanges },
    events: Object.fromEntries(shown),
    files,
    command: commandFor(call, proposal),
  };
}

const titles = {
  messages_to: "Messages to it",
  messages_from: "Messages of it",
  file_operations: "Files that it wrote",
  lifecycle: "Its life",
} as const;

function linesOf(
  call: Call,
  proposal: Proposal,
  isCompact: boolean,
  shown: (base: string) => string,
) {
  const { transcript, events, files } = proposal;
  const { width } = call.out.view;
  const lines: (string | { tone: "strong" | "faint"; text: string })[][] = [];
  const name = shown(proposal.agent);
  if (transcript.range === null)
    lines.push([`No transcript: ${transcript.problem ?? "nothing was said yet"}`], []);
  else if (isCompact) lines.push([`Transcript: ${transcript.range} of ${transcript.total}`], []);
  else for (const line of transcriptText({ name, ...transcript })) lines.push([line]);
  for (const kind of categories) {
    const rows = events[kind];
    if (rows.length === 0) continue;
    if (isCompact) lines.push([`${titles[kind]}: ${rangesOf(rows.map(({ id }) => id))}`]);
    else {
      const view = { nowMs: call.system.now(), shown };
      const cells = rows.map((row) => eventRow(row, view));
      lines.push([`${titles[kind]}:`]);
      for (const line of table(cells, eventColumns, width - 2)) lines.push(["  ", ...(line as [])]);
    }
  }
  if (files.length > 0) lines.push([`Files: ${files.join(", ")}`]);
  return [...lines, [], ["Choose of it, and:"], [style.strong(commandFor(call, proposal))]];
}

const most = { events: 20, files: 10 };

/** Ready to run, but for the title and what it is for. */
function commandFor(call: Call, { agent, transcript, events, files }: Proposal): string {
  const ids = categories.flatMap((kind) => events[kind].map(({ id }) => id));
  const newest = [...new Set(ids)].sort((a, b) => b - a).slice(0, most.events);
  const whose = call.flags.has("for") ? `${agent}:` : "";
  return [
    'hcom bundle create "TITLE" --description "WHAT IT IS FOR"',
    `--events ${newest.length === 0 ? "IDS" : rangesOf(newest)}`,
    `--files ${files.length === 0 ? "PATHS" : quoted(files.slice(0, most.files).join(","))}`,
    `--transcript ${whose}${transcript.range ?? "RANGE"}:normal`,
  ].join(" ");
}

/** `3,5-7`: what stands side by side is one range. */
function rangesOf(ids: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const id of ids.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && id <= last[1] + 1) last[1] = id;
    else ranges.push([id, id]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

function quoted(text: string): string {
  return /^[\w./,~-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
