// Bare hcom: who is here, what waits, what happened last, and what to do next.

import { whoAmI } from "../bus/agents/identity.ts";
import { listAgents } from "../bus/agents/list.ts";
import { openBus } from "../bus/bus.ts";
import { queryLog } from "../bus/events.ts";
import type { Call, Command } from "../cli/command.ts";
import { asObject, asText, parseJson } from "../core/json.ts";
import { exitCode } from "../core/refusal.ts";
import { statusIcon } from "../core/status.ts";
import { toolNames } from "../tools/index.ts";

const command: Command = {
  name: "overview",
  group: "agents",
  summary: "agents, unread, last events, next steps (also: bare hcom)",
  usage: ["", "overview --json"],
  flags: [],
  isHidden: true,
  run: runOverview,
};
export default command;

function runOverview(call: Call): number {
  using bus = openBus(call.system, { writer: "overview" });
  const agents = listAgents(bus);
  const events = queryLog(bus, { filters: {}, last: 8 });
  const self = whoAmI(bus, { name: call.name });
  if (call.json) {
    call.out.json({
      self: self.kind === "instance" ? self.name : null,
      agents: agents.map(({ name, computed, unread }) => ({
        name,
        status: computed.status,
        unread,
      })),
      events: events.map(({ data, ...event }) => ({ ...event, data: parseJson(data) })),
    });
    return exitCode.ok;
  }
  const { out } = call;
  out.line(agents.length === 0 ? "No agents yet." : `Agents (${agents.length}):`);
  for (const agent of agents) {
    const unread = agent.unread === 0 ? "" : `, ${agent.unread} unread`;
    out.line(`  ${statusIcon(agent.computed.status)} ${agent.name}: ${agent.description}${unread}`);
  }
  if (events.length > 0) out.line("");
  for (const event of events) out.line(`  ${event.timestamp.slice(11, 19)} ${sentence(event)}`);
  out.line("");
  for (const line of nextSteps(agents.length)) out.line(line);
  return exitCode.ok;
}

function sentence(event: { type: string; instance: string; data: string }): string {
  const data = asObject(parseJson(event.data));
  const text = (key: string) => asText(data[key]) ?? "";
  if (event.type === "message") return `${text("from")} said: ${text("text").slice(0, 60)}`;
  if (event.type === "status") return `${event.instance} ${text("status")} ${text("context")}`;
  return `${event.instance} ${text("action")} ${text("reason")}`;
}

function nextSteps(agents: number): string[] {
  const launches = toolNames.map((name) => `hcom ${name}`).join("  or  ");
  if (agents === 0) return [`Start an agent:  ${launches}`, "How it works:  hcom --help"];
  return ["Write to one:  hcom send @NAME -- hello", "More:  hcom --help"];
}
