// The agents of another device as rows here, so that they can be listed and written to.
import type { Bus } from "../../bus/bus.ts";
import { remotePrincipal } from "../../core/relay/import-plan.ts";
import type { DeviceState, RemoteAgent } from "../../core/relay/payload.ts";
import {
  deleteIncarnation,
  getInstance,
  insertInstance,
  listInstances,
  updateInstance,
} from "../../store/instances.ts";
import { createPrincipal } from "../../store/principals.ts";

/** It may still be there: mail for it goes out, and its device knows. */
const untold = { status: "inactive", status_context: "its device has too many agents" } as const;

/** Who is not in its snapshot is no longer there, unless it did not fit. */
export function mirrorAgents(bus: Bus, device: string, state: DeviceState): void {
  const names = new Set(state.agents.map(({ base }) => `${base}:${state.short}`));
  for (const row of listInstances(bus.db)) {
    if (row.origin_device_id !== device || names.has(row.name)) continue;
    if (state.leftOut.agents === 0) deleteIncarnation(bus.db, row);
    else if (row.status !== "inactive") updateInstance(bus.db, row.name, untold);
  }
  for (const agent of state.agents) mirror(bus, device, state.short, agent);
}

function mirror(bus: Bus, device: string, short: string, agent: RemoteAgent): void {
  const name = `${agent.base}:${short}`;
  const shown = {
    status: agent.status,
    status_context: agent.context,
    status_detail: agent.detail,
    status_time: agent.statusTime,
    last_seen: agent.statusTime,
    last_stop: agent.lastStop,
    parent_name: agent.parent === null ? null : `${agent.parent}:${short}`,
    tag: agent.tag,
    directory: agent.directory,
    transcript_path: agent.transcript,
    tool: agent.tool,
    wait_timeout: agent.waitTimeout,
    background: agent.isBackground ? 1 : 0,
    origin_device_id: device,
  };
  const before = getInstance(bus.db, name);
  if (before !== undefined) {
    const keys = Object.keys(shown) as (keyof typeof shown)[];
    if (keys.some((key) => before[key] !== shown[key])) updateInstance(bus.db, name, shown);
    return;
  }
  const principal = remotePrincipal(device, agent.base);
  const now = bus.system.now() / 1000;
  createPrincipal(bus.db, { id: principal, name, tool: agent.tool, now });
  insertInstance(bus.db, { ...shown, name, principal, created_at: now });
}
