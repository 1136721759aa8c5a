// Calls about agents: who this is, who is there, an end.
import { doneBy, requireNamed } from "../../bus/agents/identity.ts";
import { openBus } from "../../bus/bus.ts";
import { endAgent } from "../../bus/life/end.ts";
import { type Agent, agentOf, listAgents } from "../../bus/life/list.ts";
import type { System } from "../../sys/system.ts";
import { toolNames } from "../../tools/index.ts";
import { readParams } from "../rpc/params.ts";
import type { InstanceInfo, SessionInfo } from "../session/shapes.ts";
import { callerOf, callerShape, requireAgent, shownName } from "./caller.ts";

const writer = { writer: "library" } as const;

export function who(system: System, params: unknown): object {
  const caller = readParams(params, callerShape);
  using bus = openBus(system, writer);
  const identity = callerOf(bus, caller);
  const external = identity.kind === "external";
  return { name: identity.name, external, shown: shownName(identity) };
}

export function info(system: System, params: unknown): SessionInfo {
  const caller = readParams(params, callerShape);
  using bus = openBus(system, writer);
  const identity = callerOf(bus, caller);
  if (identity.kind === "external") return outsider(identity.name);
  const { transcript_path: path } = identity.row;
  const connected = true;
  const transcript_path = path === "" ? null : path;
  return { ...shown(agentOf(bus, identity.row)), connected, transcript_path };
}

/** The seed gives external sessions a program, too. */
function outsider(name: string): SessionInfo {
  const nothing = { session_id: null, directory: null, parent_name: null, transcript_path: null };
  return { name, ...nothing, status: "external", tool: toolNames[0] ?? "", connected: false };
}

export function list(system: System, params: unknown): InstanceInfo | InstanceInfo[] {
  const { name } = readParams(params, { name: "text?" });
  using bus = openBus(system, writer);
  if (name === undefined) return listAgents(bus).map(shown);
  return shown(agentOf(bus, requireNamed(bus, name)));
}

function shown({ row, name, computed }: Agent): InstanceInfo {
  const { session_id, directory, parent_name, tool } = row;
  return { name, session_id, status: computed.status, directory, parent_name, tool };
}

export async function stopSelf(system: System, params: unknown): Promise<void> {
  const caller = readParams(params, callerShape);
  using bus = openBus(system, writer);
  const row = requireAgent(bus, caller, "stop");
  const killsProcess = row.background === 1;
  await endAgent(bus, row, { by: row.name, reason: "self", killsProcess });
}

export async function stopOthers(system: System, params: unknown): Promise<void> {
  const { names = [] } = readParams(params, { names: "texts?" });
  using bus = openBus(system, writer);
  const rows = names.map((name) => requireNamed(bus, name));
  const by = doneBy(bus, {});
  for (const row of rows) {
    const killsProcess = row.background === 1;
    await endAgent(bus, row, { by, reason: "external", killsProcess });
  }
}
