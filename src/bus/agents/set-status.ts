// Writes what an instance is doing: the row and its status event in one transaction.
import type { StatusData } from "../../core/events/status.ts";
import { briefDetail, listenDetail, type Status } from "../../core/status.ts";
import { getInstance, updateInstance } from "../../store/instances.ts";
import { append } from "../append.ts";
import { type Bus, nowSeconds } from "../bus.ts";

export interface NewStatus {
  status: Status;
  context: string;
  detail?: string;
  /** Timestamp of the newest message handed over with this change: the read receipt. */
  msgTs?: string;
  actionName?: string;
  useId?: string;
  writer?: string;
}

/** Returns false when the instance does not exist (any more). */
export function setStatus(bus: Bus, name: string, next: NewStatus): boolean {
  return bus.db.write(() => {
    const row = getInstance(bus.db, name);
    if (row === undefined) return false;
    const brief = briefDetail(next.detail ?? "");
    const detail = isItsAction(next) ? (next.detail ?? "") : brief;
    const now = nowSeconds(bus);
    updateInstance(bus.db, name, {
      status: next.status,
      status_time: now,
      status_context: next.context,
      status_detail: brief,
      last_seen: now,
      ...(next.status === "listening" ? { last_stop: now } : {}),
    });
    const data: StatusData = {
      status: next.status,
      context: next.context,
      position: row.last_event_id,
      ...(detail === "" ? {} : { detail }),
      ...(next.msgTs === undefined ? {} : { msg_ts: next.msgTs }),
      old_status: row.status,
      old_context: row.status_context,
      writer: next.writer ?? bus.writer,
      ...(row.session_id === null ? {} : { session: row.session_id }),
      ...(row.agent_id === null ? {} : { agent_id: row.agent_id }),
      ...(next.actionName === undefined ? {} : { tool_name: next.actionName }),
      ...(next.useId === undefined ? {} : { tool_use_id: next.useId }),
    };
    append(bus, { type: "status", instance: name, data });
    return true;
  });
}

/** The one event that keeps what is done in full; what is asked or said about it repeats it. */
function isItsAction({ context }: NewStatus): boolean {
  return context.startsWith("tool:");
}

/**
 * Why typing is held back at the moment: changes many times a minute, so it writes no event, and
 * never hides that the agent waits inside `listen`.
 */
export function setGateContext(bus: Bus, name: string, context: string): void {
  const row = getInstance(bus.db, name);
  if (row === undefined || row.status_detail === listenDetail) return;
  if (row.status_context !== context) updateInstance(bus.db, name, { status_context: context });
}

/** A waiting loop is still there. */
export function heartbeat(bus: Bus, name: string): void {
  updateInstance(bus.db, name, { last_stop: nowSeconds(bus), tcp_mode: 1 });
}
