// Subagents of a session: rows of their own below the root's, so that they can be written to.

import type { Instance } from "../../../core/instance.ts";
import { asObject, parseJson } from "../../../core/json.ts";
import { subagentName } from "../../../core/names/name.ts";
import { sessionBinding } from "../../../store/bindings.ts";
import { unreadMessages } from "../../../store/events.ts";
import { childrenOf, getInstance, instanceByAgent } from "../../../store/instances.ts";
import { setStatus } from "../../agents/set-status.ts";
import type { Bus } from "../../bus.ts";
import { reserve } from "./reserve.ts";

export interface SubagentSeen {
  session: string;
  id: string;
  type: string;
}

/** The root instance of a session, if that is its current one. */
export function rootOf(bus: Bus, session: string): Instance | undefined {
  const name = sessionBinding(bus.db, session);
  const row = name === undefined ? undefined : getInstance(bus.db, name);
  return row?.session_id === session ? row : undefined;
}

export function subagentRow(bus: Bus, id: string): Instance | undefined {
  return instanceByAgent(bus.db, id);
}

/** The subagent's row: the one it has, or a new one, dormant until it joins by itself. */
export function admitSubagent(bus: Bus, seen: SubagentSeen): Instance | undefined {
  return bus.db.write(() => {
    const known = instanceByAgent(bus.db, seen.id);
    if (known !== undefined) return known;
    const root = rootOf(bus, seen.session);
    if (root === undefined) return undefined;
    const siblings = childrenOf(bus.db, { name: root.name, session: seen.session });
    const name = subagentName(
      root.name,
      seen.type,
      siblings.map((row) => row.name),
    );
    const row = reserve(bus, {
      tool: root.tool,
      name,
      tag: root.tag,
      directory: root.directory ?? "",
      by: root.name,
      isLaunched: false,
      row: { parent_name: root.name, parent_session_id: seen.session, agent_id: seen.id },
    });
    setStatus(bus, row.name, { status: "inactive", context: "subagent:dormant" });
    return getInstance(bus.db, row.name);
  });
}

/** Broadcasts never wake a dormant subagent; being named does. */
export function isNamedInMail(bus: Bus, row: Instance): boolean {
  return unreadMessages(bus.db, { name: row.name, cursor: row.last_event_id, limit: 50 }).some(
    (event) => asObject(parseJson(event.data))["scope"] === "mentions",
  );
}
