// hcom list: who is here, what they do, and whether my messages were read.

import { bareName, requireInstance, requireNamed, whoAmI } from "../bus/agents/identity.ts";
import { type Agent, agentOf, listAgents } from "../bus/agents/list.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { displayNames } from "../bus/display-names.ts";
import { recentStops, stopHistory } from "../bus/life/stops.ts";
import { ownReceipts, type Receipt } from "../bus/mail/receipts.ts";
import { agentFields, fieldText, shellExports } from "../cli/agent-fields.ts";
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { formatAge } from "../core/age.ts";
import type { Instance } from "../core/instance.ts";
import { exitCode, type Refusal } from "../core/refusal.ts";
import { statusIcon } from "../core/status.ts";

const command: Command = {
  name: "list",
  group: "agents",
  summary: "who is here, status, unread, read receipts",
  usage: [
    "list",
    "list self|NAME [FIELD]",
    "list --stopped [NAME]",
    "list --format '{name} {status}'",
  ],
  flags: [
    { name: "verbose", short: "v", about: "every detail" },
    { name: "ndjson", about: "one JSON object a line, first a _self line" },
    { name: "names", about: "names only, one a line" },
    { name: "format", value: "TEXT", about: "a line per agent with {field} filled in" },
    { name: "sh", about: "shell exports of one agent" },
    { name: "stopped", about: "agents that have stopped" },
    { name: "all", about: "with --stopped: without a limit" },
    { name: "last", value: "N", about: "with --stopped: how many (20)" },
  ],
  exits: { 3: "no such agent" },
  examples: ["hcom list -v", 'eval "$(hcom list self --sh)"', "hcom list luna status"],
  run: runList,
};
export default command;

function runList(call: Call): number {
  using bus = openBus(call.system, { writer: "list" });
  if (call.flags.has("stopped")) return printStopped(call, bus);
  if (call.words.length > 0) return printOne(call, bus);
  const agents = listAgents(bus);
  if (call.flags.has("ndjson")) printNdjson(call, bus, agents);
  else if (call.json && call.flags.has("names")) call.out.json(agents.map((one) => one.name));
  else if (call.json) call.out.json(agents.map(agentFields));
  else if (call.flags.has("names")) for (const agent of agents) call.out.line(agent.name);
  else if (call.flags.has("format")) printFormatted(call, agents);
  else printTable(call, bus, agents);
  return exitCode.ok;
}

function printTable(call: Call, bus: Bus, agents: readonly Agent[]): void {
  const self = whoAmI(bus, { name: call.name });
  const own = self.kind === "instance" ? displayNames(bus)(self.name) : "(not participating)";
  call.out.line(`Your name: ${own}`);
  call.out.line("");
  const manyTools = new Set(agents.map((agent) => agent.row.tool)).size > 1;
  const rows = agents.map((agent) => ({ agent, left: leftColumn(agent, manyTools) }));
  const width = Math.max(14, ...rows.map(({ left }) => Bun.stringWidth(left) + 2));
  for (const { agent, left } of rows) {
    const padding = " ".repeat(width - Bun.stringWidth(left));
    call.out.line(`${left}${padding}${shownAge(agent)}: ${agent.description}`);
    if (call.flags.has("verbose")) for (const line of details(agent)) call.out.line(`    ${line}`);
  }
  if (agents.length === 0) call.out.line("nobody is here yet; start an agent: hcom start");
  if (self.kind === "instance") {
    printReceipts(call, ownReceipts(bus, self.name, call.flags.has("verbose") ? 3 : 1));
  }
  const stops = recentStops(bus);
  if (stops.length === 0) return;
  const shown = stops.slice(0, 5).map((stop) => stop.name);
  const more = stops.length > 5 ? ` +${stops.length - 5} more` : "";
  call.out.line("");
  call.out.line(`Recently stopped (10m): ${shown.join(", ")}${more}`);
}

function leftColumn(agent: Agent, manyTools: boolean): string {
  const tool = manyTools ? `[${toolLabel(agent)}] ` : "";
  const badges = [
    agent.row.background === 1 ? " [headless]" : "",
    agent.row.origin_device_id !== "" ? " [remote]" : "",
    agent.unread > 0 ? ` +${agent.unread}` : "",
  ].join("");
  return `${tool}${statusIcon(agent.computed.status)} ${agent.name}${badges}`;
}

/** Capitals: process and hooks known; small: hooks only; a star: no hooks seen. */
function toolLabel(agent: Agent): string {
  if (agent.row.tool === "adhoc") return "ad-hoc";
  const name = agent.processBound ? agent.row.tool.toUpperCase() : agent.row.tool;
  return agent.hooksBound ? name : `${name}*`;
}

function shownAge(agent: Agent): string {
  const { status, age } = agent.computed;
  if (status === "listening" && age < 60) return "now";
  const text = formatAge(Math.floor(age));
  return text === "now" ? text : `${text} ago`;
}

function details(agent: Agent): string[] {
  const fields = agentFields(agent);
  const names = [
    "session_id",
    "tool",
    "created_at",
    "directory",
    "parent_name",
    "agent_id",
    "hooks_bound",
    "process_bound",
    "background_log_file",
    "transcript_path",
    "status_detail",
  ] as const;
  return names
    .filter((name) => fields[name] !== null && fields[name] !== "")
    .map((name) => `${name}: ${fieldText(fields[name])}`);
}

function printReceipts(call: Call, receipts: readonly Receipt[]): void {
  if (receipts.length === 0) return;
  call.out.line("");
  call.out.line("  Read receipts:");
  for (const one of receipts) {
    const names = call.flags.has("verbose") ? `: ${one.readBy.join(", ")}` : "";
    const age = formatAge(Math.floor(one.age));
    const total = one.recipients;
    call.out.line(
      `  #${one.id} ${age} "${one.text}" | read by ${one.readBy.length}/${total}${names}`,
    );
  }
}

function printNdjson(call: Call, bus: Bus, agents: readonly Agent[]): void {
  const self = whoAmI(bus, { name: call.name });
  const own = self.kind === "instance" ? self.row : undefined;
  call.out.json({
    _self: {
      name: own?.name ?? null,
      read_receipts: own === undefined ? [] : ownReceipts(bus, own.name, 50),
      ...(own?.session_id == null ? {} : { session_id: own.session_id }),
    },
  });
  for (const agent of agents) call.out.json(agentFields(agent));
}

function printFormatted(call: Call, agents: readonly Agent[]): void {
  const format = call.flags.value("format") ?? "";
  for (const agent of agents) {
    const fields: Record<string, unknown> = agentFields(agent);
    const line = format.replace(/\{(\w+)\}/g, (_all, field: string) => {
      if (!Object.hasOwn(fields, field)) throw unknownField(field, Object.keys(fields));
      return fieldText(fields[field]);
    });
    call.out.line(line);
  }
}

function printOne(call: Call, bus: Bus): number {
  const [who = "", field] = call.words;
  const agent = agentOf(bus, requireSelfOr(call, bus, who));
  const fields: Record<string, unknown> = agentFields(agent);
  if (call.flags.has("sh") && !call.json)
    for (const line of shellExports(agent)) call.out.line(line);
  else if (field !== undefined) {
    if (!Object.hasOwn(fields, field)) throw unknownField(field, Object.keys(fields));
    if (call.json) call.out.json({ [field]: fields[field] });
    else call.out.line(fieldText(fields[field]));
  } else if (call.json) {
    const { name, session_id, status, directory, transcript_path } = fields;
    const { parent_name, agent_id, tool } = fields;
    call.out.json({
      name,
      session_id,
      status,
      directory,
      transcript_path,
      parent_name,
      agent_id,
      tool,
    });
  } else {
    call.out.line(`${statusIcon(agent.computed.status)} ${agent.name}: ${agent.description}`);
    for (const line of details(agent)) call.out.line(`    ${line}`);
  }
  return exitCode.ok;
}

function requireSelfOr(call: Call, bus: Bus, who: string): Instance {
  return who === "self" ? requireInstance(bus, { name: call.name }) : requireNamed(bus, who);
}

function unknownField(field: string, known: readonly string[]): Refusal {
  return usageError(command, `there is no field "${field}"; there are: ${known.join(", ")}`);
}

function printStopped(call: Call, bus: Bus): number {
  const [word] = call.words;
  const name = word === undefined ? undefined : bareName(word);
  const last = call.flags.has("all") ? Number.MAX_SAFE_INTEGER : (call.flags.number("last") ?? 20);
  const stops = stopHistory(bus, { name, last });
  if (name !== undefined && stops.length === 0) requireNamed(bus, name);
  if (call.json) {
    call.out.json(stops);
    return exitCode.ok;
  }
  if (stops.length === 0) call.out.line("nobody has stopped");
  for (const stop of stops) {
    const tag = stop.tag === null ? "" : ` tag:${stop.tag}`;
    const age = formatAge(Math.floor(stop.age));
    const reason = `[${stop.reason} by:${stop.by}]`;
    call.out.line(`${stop.name} (${stop.tool}${tag})  ${age} ago  ${reason}  ${stop.directory}`);
  }
  return exitCode.ok;
}
