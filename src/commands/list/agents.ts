// The table of those who are here, and one of them in every detail.
import { whoAmI } from "../../bus/agents/identity.ts";
import type { Bus } from "../../bus/bus.ts";
import { displayNames } from "../../bus/display-names.ts";
import type { HeldAgent } from "../../bus/life/list.ts";
import { recentStops } from "../../bus/life/stops.ts";
import { ownReceipts, type Receipt } from "../../bus/mail/receipts.ts";
import { askedIn, openDebts } from "../../bus/watch/owed.ts";
import { agentFields } from "../../cli/agent-fields.ts";
import type { Call } from "../../cli/command.ts";
import { isPerson, nextStep, selfLine } from "../../cli/next-step.ts";
import {
  agentTable,
  legend,
  nextSteps,
  openQuestions,
  urgentFirst,
} from "../../cli/person/agent-table.ts";
import { wrapped } from "../../cli/person/wrap.ts";
import { type Part, style, textOf } from "../../cli/style.ts";
import { table } from "../../cli/table.ts";
import { ago, clock } from "../../cli/when.ts";
import { oneLine } from "../../core/mail/envelope.ts";
import { isAdHoc } from "../../core/names/ad-hoc.ts";
import { isInsideTool } from "../../tools/inside-tool.ts";

export function printEverybody(call: Call, bus: Bus, agents: readonly HeldAgent[]): void {
  const { out } = call;
  const self = whoAmI(bus, { name: call.name });
  const shown = displayNames(bus);
  out.line(...selfLine(bus, self.kind === "instance" ? shown(self.name) : undefined));
  if (isPerson(bus, self)) for (const line of openQuestions(agents)) out.line(...line);
  out.line();
  printAgents(call, bus, agents);
  printDebts(call, bus);
  if (agents.length === 0) for (const line of nextStep(bus, self)) out.line(line);
  if (self.kind === "instance") {
    printReceipts(call, ownReceipts(bus, self.name, call.flags.has("verbose") ? 3 : 1));
  }
  printRecentStops(call, bus);
}

export function printAgents(call: Call, bus: Bus, all: readonly HeldAgent[]): void {
  const { out } = call;
  const agents = urgentFirst(all);
  const { head, rows } = agentTable(agents, out.view);
  for (const line of head) out.line(...line);
  for (const [at, agent] of agents.entries()) {
    out.line(...(rows[at] ?? []));
    if (call.flags.has("verbose")) printFacts(call, bus, agent);
  }
  if (out.view.isForPeople && agents.length > 0) out.line(...legend(agents));
}

/** Who waits for whose answer; the oldest first. */
function printDebts(call: Call, bus: Bus): void {
  const debts = openDebts(bus);
  if (debts.length === 0) return;
  const shown = displayNames(bus);
  const { isForPeople, width } = call.out.view;
  const rows = debts.map((debt) => {
    const { by, to, request, seconds } = debt;
    const what = `#${request} "${brief(call, askedIn(bus, debt))}"`;
    const [from, reader] = [style.name(shown(by)), style.name(shown(to))];
    if (!isForPeople) return [from, "owes", reader, "an answer", ago(seconds), what];
    return [from, reader, ago(seconds), what];
  });
  const whoAndWhen = isForPeople ? [{ least: 8 }, {}] : [{}, { least: 8 }, {}, {}];
  const columns = [{ least: 8 }, ...whoAndWhen, { least: 12 }];
  const head = ["FROM", "TO", "ASKED", "MESSAGE"].map((word) => style.faint(word));
  const lines = table(isForPeople ? [head, ...rows] : rows, columns, width - 2);
  call.out.line();
  call.out.line("Awaited answers:");
  for (const line of lines) call.out.line("  ", ...line);
  if (!isForPeople) return;
  const cut = debts.filter((_, at) => textOf(lines[at + 1]?.at(-1) ?? "").endsWith('…"'));
  const id = cut.length === 1 ? cut[0]?.request : "ID";
  if (cut.length > 0) call.out.line(style.faint(`  A message whole: hcom read ${id}`));
}

/** A table is as wide as its terminal. An agent pays for what it reads. */
function brief(call: Call, text: string): string {
  return oneLine(text, isInsideTool(call.system.env) ? 60 : Number.POSITIVE_INFINITY);
}

function printRecentStops(call: Call, bus: Bus): void {
  const stops = recentStops(bus);
  if (stops.length === 0) return;
  const shown = stops.slice(0, 5).map((stop) => stop.name);
  const more = stops.length > 5 ? ` +${stops.length - 5} more` : "";
  call.out.line();
  call.out.line(
    style.faint(`Stopped in the last 10 minutes: ${shown.join(", ")}${more}`),
    style.faint(". To resume one: hcom list --stopped"),
  );
}

export function printDetails(call: Call, bus: Bus, agent: HeldAgent): void {
  const { head, rows } = agentTable([agent], call.out.view);
  for (const line of [...head, ...rows]) call.out.line(...line);
  printFacts(call, bus, agent);
}

/** Every detail: nothing is cut. */
function printFacts(call: Call, bus: Bus, agent: HeldAgent): void {
  const facts = factsOf(call, bus, agent);
  const indent = 4 + Math.max(...facts.map(([name]) => name.length)) + 3;
  for (const [name, ...value] of facts) {
    const head = style.faint(`    ${`${name}:`.padEnd(indent - 4)}`);
    const { width } = call.out.view;
    for (const line of wrapped([head, ...value], { width, indent })) call.out.line(...line);
  }
}

type Fact = [name: string, ...value: Part[]];

function factsOf(call: Call, bus: Bus, agent: HeldAgent): Fact[] {
  const { row } = agent;
  const shown = displayNames(bus);
  const now = call.system.now();
  const hooks = agent.hooksBound ? "seen" : "not seen yet";
  const isAsking = agent.hold?.kind === "asking";
  const next = agent.hold === undefined ? [] : nextSteps(agent.hold);
  const facts: [string, ...(Part | null)[]][] = [
    [isAsking ? "asks" : "doing", row.status_detail],
    ["mail", mailOf(agent)],
    ["next", ...next],
    ["owes", owedText(agent, shown)],
    ["directory", row.directory],
    ["joined", `${clock(row.created_at * 1000, now)} (${ago(now / 1000 - row.created_at)})`],
    ["session", row.session_id],
    ["transcript", row.transcript_path],
    ["parent", row.parent_name === null ? null : shown(row.parent_name)],
    ["subagent id", row.agent_id],
    ["hooks", isAdHoc(row) ? null : hooks],
    ["started by hcom", agent.processBound ? "yes" : "no"],
    ["pid", row.pid === null ? null : String(row.pid)],
    ["log", row.background_log_file],
  ];
  return facts.flatMap(([name, ...value]): Fact[] => {
    const said = value.flatMap((part) => (part === null || part === "" ? [] : [part]));
    return said.length === 0 ? [] : [[name, ...said]];
  });
}

function owedText({ owes }: HeldAgent, shown: (base: string) => string): string {
  const words = owes.map(
    ({ to, request, seconds }) => `${shown(to)}, asked ${asked(seconds)} (#${request})`,
  );
  return words.length === 0 ? "" : `an answer to ${words.join("; to ")}`;
}

function asked(seconds: number): string {
  const age = ago(seconds);
  return age === "now" ? "just now" : age;
}

/** What waits, and what holds it back or would. */
function mailOf({ row, unread, hold }: HeldAgent): string {
  const waiting = unread === 0 ? "none" : `${unread} waiting`;
  if (hold === undefined || (unread === 0 && isAdHoc(row))) return waiting;
  // The question itself stands above.
  return `${waiting}; ${hold.kind === "asking" ? "it asks its person" : hold.text}`;
}

function printReceipts(call: Call, receipts: readonly Receipt[]): void {
  if (receipts.length === 0) return;
  call.out.line();
  call.out.line("Read receipts:");
  const rows = receipts.map((one) => {
    const names = call.flags.has("verbose") ? `: ${one.readBy.join(", ")}` : "";
    const readBy = `read by ${one.readBy.length}/${one.recipients}${names}`;
    return [`#${one.id}`, ago(one.age), `"${brief(call, one.text)}"`, readBy];
  });
  const columns = [{}, {}, { least: 12 }, { least: 12 }];
  for (const line of table(rows, columns, call.out.view.width - 2)) call.out.line("  ", ...line);
}

/** As scripts of the original know it. */
function shortened(receipt: Receipt): Receipt {
  return { ...receipt, text: oneLine(receipt.text, 40) };
}

export function printNdjson(call: Call, bus: Bus, agents: readonly HeldAgent[]): void {
  const self = whoAmI(bus, { name: call.name });
  const own = self.kind === "instance" ? self.row : undefined;
  call.out.json({
    _self: {
      name: own?.name ?? null,
      read_receipts: own === undefined ? [] : ownReceipts(bus, own.name, 50).map(shortened),
      ...(own?.session_id == null ? {} : { session_id: own.session_id }),
    },
  });
  for (const agent of agents) call.out.json(agentFields(agent));
}
