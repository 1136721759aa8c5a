// Bare hcom: who is here, what waits, what happened last, and what to do next.

import { whoAmI } from "../bus/agents/identity.ts";
import { openBus } from "../bus/bus.ts";
import { displayNames } from "../bus/display-names.ts";
import { listHeldAgents } from "../bus/life/list.ts";
import { latestEvents } from "../bus/log/events.ts";
import type { Call, Command } from "../cli/command.ts";
import { eventColumns, eventRow } from "../cli/event-row.ts";
import { isPerson, nextStep, selfLine } from "../cli/next-step.ts";
import { agentTable, legend, openQuestions, urgentFirst } from "../cli/person/agent-table.ts";
import { style } from "../cli/style.ts";
import { table } from "../cli/table.ts";
import { parseJson } from "../core/json.ts";
import { exitCode } from "../core/refusal.ts";
import { hasNativePart } from "../sys/drawing/native-part.ts";

const command: Command = {
  name: "overview",
  group: "agents",
  summary: "agents, unread, last events, next steps (also: bare hcom)",
  usage: ["", "overview --json"],
  mostWords: 0,
  flags: [],
  isHidden: true,
  run: runOverview,
};
export default command;

async function runOverview(call: Call): Promise<number> {
  using bus = openBus(call.system, { writer: "overview" });
  const agents = await listHeldAgents(bus);
  const events = latestEvents(bus, 8);
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
  const shown = displayNames(bus);
  out.line(...selfLine(bus, self.kind === "instance" ? shown(self.name) : undefined));
  if (isPerson(bus, self)) for (const line of openQuestions(agents)) out.line(...line);
  out.line();
  const ordered = urgentFirst(agents);
  const { head, rows } = agentTable(ordered, out.view);
  for (const line of [...head, ...rows]) out.line(...line);
  if (out.view.isForPeople && agents.length > 0) out.line(...legend(ordered));
  if (agents.length === 0) for (const line of nextStep(bus, self)) out.line(line);
  if (events.length > 0) {
    out.line();
    out.line(style.faint("Last events (all of them: hcom events):"));
  }
  const eventView = { nowMs: call.system.now(), shown, isForPerson: isPerson(bus, self) };
  const told = events.map((event) => eventRow(event, eventView));
  for (const line of table(told, eventColumns, out.view.width)) out.line(...line);
  out.line();
  if (agents.length > 0) out.line("Write to one:  hcom send @NAME -- hello");
  out.line("More:  hcom --help");
  if (out.view.isForPeople && !hasNativePart()) {
    out.note(`The dashboard is not there: its part for ${process.platform} was not installed.`);
  }
  return exitCode.ok;
}
