// Agents as the dashboard shows them: those that are here, and those that have stopped lately.

import type { Bus } from "../../bus/bus.ts";
import type { HeldAgent } from "../../bus/life/list.ts";
import { recentStops } from "../../bus/life/stops.ts";
import { launchContextOf } from "../../core/instance.ts";
import { toolShown } from "../../core/names/ad-hoc.ts";
import type { Focus } from "../../launch/terminals/focus.ts";
import type { AgentSeen, StoppedSeen } from "../../view/world.ts";

export function agentSeen(
  { row, hold, ...agent }: HeldAgent,
  nowMs: number,
  focus: Focus,
): AgentSeen {
  const context = launchContextOf(row);
  return {
    name: row.name,
    shown: agent.name,
    tool: toolShown(row.tool),
    status: agent.computed.status,
    description: agent.description,
    sinceMs: nowMs - agent.computed.age * 1000,
    createdMs: row.created_at * 1000,
    unread: agent.unread,
    hold,
    tag: row.tag ?? "",
    directory: row.directory ?? "",
    isHeadless: row.background === 1,
    isRemote: row.origin_device_id !== "",
    hasScreen: context.control_socket !== undefined,
    pane: focus(row) === undefined ? "" : (context.pane_id ?? ""),
    session: row.session_id ?? "",
    pid: row.pid ?? undefined,
    parent: row.parent_name ?? "",
  };
}

export function stoppedSeen(bus: Bus, nowMs: number): StoppedSeen[] {
  return recentStops(bus).map((stop) => ({
    name: stop.base_name,
    shown: stop.name,
    tool: toolShown(stop.tool),
    atMs: nowMs - stop.age * 1000,
    by: stop.by,
    reason: stop.reason,
    tag: stop.tag ?? "",
    directory: stop.directory,
    canResume: stop.session_id !== null,
  }));
}
