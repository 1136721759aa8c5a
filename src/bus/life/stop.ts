// Ends an instance's participation: one transaction that removes exactly this incarnation with
// everything bound to it and logs what it was. Its mail waits for whoever resumes it.

import type { AgentSnapshot } from "../../core/events/life.ts";
import { type Instance, isOneShot } from "../../core/instance.ts";
import { asObject, asText, type JsonObject } from "../../core/json.ts";
import { fullName } from "../../core/names/address.ts";
import { revokeActorsOf } from "../../store/actors.ts";
import { releaseNamesOf } from "../../store/channels/members.ts";
import { endDeliveriesOf } from "../../store/deliveries.ts";
import { childrenOf, deleteIncarnation, getInstance } from "../../store/instances.ts";
import { endSubscriptionsOf, ordersOf } from "../../store/subscriptions.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";
import { letOut } from "../gate.ts";
import { pendingMail } from "../mail/pending.ts";
import { tellSenders } from "../mail/tell-sender.ts";

export interface StopOrder {
  by: string;
  reason: string;
  isPlaceholder?: boolean;
}

export type StopOutcome = "stopped" | "already_stopped";

const maxDepth = 10;

export function stopInstance(bus: Bus, name: string, order: StopOrder, depth = 0): StopOutcome {
  const row = getInstance(bus.db, name);
  if (row === undefined) return "already_stopped";
  stopChildren(bus, row, depth);
  const isGone = bus.db.write(() => {
    // What it is now: the cursor may have moved since the first look.
    const last = getInstance(bus.db, name) ?? row;
    const waiting = pendingMail(bus, name).ids;
    const subscriptions = row.agent_id === null ? ownOrders(bus, name) : [];
    if (!deleteIncarnation(bus.db, row)) return false;
    revokeActorsOf(bus.db, name);
    endSubscriptionsOf(bus.db, name);
    // A reservation that was to take a conversation up again leaves that where it was.
    const neverWas = order.isPlaceholder === true && last.session_id === null;
    // Neither ever comes back, so its mail has nobody to wait for.
    if (neverWas || row.agent_id !== null) {
      tellSenders(bus, row, waiting, `cannot arrive: ${fullName(row)} has ended`);
      endDeliveriesOf(bus.db, { principal: row.principal, reason: `${fullName(row)} has ended` });
      releaseNamesOf(bus.db, row.principal);
    }
    append(bus, {
      type: "life",
      instance: name,
      data: {
        action: "stopped",
        by: order.by,
        reason: order.reason,
        snapshot: { ...snapshotOf(last), ...(subscriptions.length > 0 ? { subscriptions } : {}) },
        ...(neverWas ? { placeholder: true as const } : {}),
        ...(isOneShot(row) ? { one_shot: true as const } : {}),
      },
    });
    return true;
  });
  const session = row.session_id;
  if (isGone && session !== null)
    bus.db.afterCommit(`let out ${session}`, () => letOut(bus, session));
  bus.system.log({
    level: "info",
    subsystem: "bus",
    event: isGone ? "stopped" : "already_stopped",
    instance: name,
    reason: order.reason,
  });
  return isGone ? "stopped" : "already_stopped";
}

function stopChildren(bus: Bus, row: Instance, depth: number): void {
  if (depth >= maxDepth) return;
  for (const child of childrenOf(bus.db, { name: row.name, session: row.session_id })) {
    stopInstance(bus, child.name, { by: row.name, reason: "parent_stopped" }, depth + 1);
  }
}

/** Without what every agent gets anew. */
function ownOrders(bus: Bus, name: string): JsonObject[] {
  const usual = bus.settings.text("auto_subscribe").split(",");
  return ordersOf(bus.db, name).filter(({ filters }) => {
    const preset = asText(asObject(filters)["preset"]);
    return preset === undefined || !usual.some((word) => word.trim() === preset);
  });
}

/** Removes a reservation that was never used: no event, the name stays free. */
export function deleteQuietly(bus: Bus, row: Instance): boolean {
  return bus.db.write(() => deleteIncarnation(bus.db, row));
}

function snapshotOf(row: Instance): AgentSnapshot {
  return {
    name: row.name,
    principal: row.principal,
    transcript_path: row.transcript_path,
    session_id: row.session_id,
    tool: row.tool,
    directory: row.directory,
    parent_name: row.parent_name,
    parent_session_id: row.parent_session_id,
    tag: row.tag,
    wait_timeout: row.wait_timeout,
    subagent_timeout: row.subagent_timeout,
    hints: row.hints,
    pid: row.pid,
    created_at: row.created_at,
    last_seen: row.last_seen,
    background: row.background,
    agent_id: row.agent_id,
    name_announced: row.name_announced,
    launch_args: row.launch_args,
    origin_device_id: row.origin_device_id,
    background_log_file: row.background_log_file,
    last_event_id: row.last_event_id,
  };
}
