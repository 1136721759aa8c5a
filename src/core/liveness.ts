// Who is alive: the status an instance really has, computed from what its row last said and how
// long ago, and which rows are due for clean-up. Readers compute; only clean-up writes.
import type { Instance } from "./instance.ts";
import type { Status } from "./status.ts";

/** Seconds, all of them. */
export const limits = {
  launchFailed: 30,
  placeholder: 120,
  heartbeatWoken: 35,
  heartbeatPolled: 10,
  activity: 300,
  exitContext: 60,
  stale: 3600,
  inactive: 43_200,
  wakeGrace: 60,
  sleepDrift: 30,
  recentlyStopped: 600,
  never: 999_999,
} as const;

export interface LivenessView {
  /** Epoch seconds. */
  now: number;
  hasEndpoint: boolean;
  /** True while the machine has just woken from sleep. */
  isGrace: boolean;
  /** Does the process of a launch that takes long still run? Asked only of such a one. */
  isStarting?: () => boolean;
}

export interface Computed {
  status: Status;
  context: string;
  /** Seconds since the status changed; 0 is "now". */
  age: number;
}

export function computeStatus(row: Instance, view: LivenessView): Computed {
  if (isPlaceholder(row)) return placeholderStatus(row, view);
  const since = row.status_time > 0 ? row.status_time : row.created_at;
  const age = Math.max(0, view.now - since);
  if (row.origin_device_id !== "" || view.isGrace || row.status === "inactive") {
    return { status: row.status, context: row.status_context, age };
  }
  const beat = heartbeatAge(row, view.now);
  const woken = row.tcp_mode === 1 || view.hasEndpoint;
  if (row.status === "listening") {
    const limit = woken ? limits.heartbeatWoken : limits.heartbeatPolled;
    if (beat <= limit) return { status: "listening", context: row.status_context, age };
    return { status: "inactive", context: "stale:listening", age: beat };
  }
  if (age > limits.activity && beat > limits.heartbeatWoken) {
    return { status: "inactive", context: `stale:${row.status}`, age };
  }
  return { status: row.status, context: row.status_context, age };
}

/** Reserved by a launch, not yet a session. */
export function isPlaceholder(row: Instance): boolean {
  return row.status_context === "new" && (row.status === "inactive" || row.status === "pending");
}

/**
 * A row that no session has ever owned: it may be merged into another one without losing
 * anything. A wrapper may mark a tool ready before its session hook runs.
 */
export function isTruePlaceholder(row: Instance): boolean {
  if (row.session_id !== null) return false;
  if (isPlaceholder(row)) return true;
  const bringUp = ["start", "ready_observed", "launch_blocked_cleared"];
  return row.status === "listening" && bringUp.includes(row.status_context);
}

function placeholderStatus(row: Instance, { now, isStarting }: LivenessView): Computed {
  const age = Math.max(0, now - row.created_at);
  if (!isLaunchOver(row, now) || isStarting?.() === true) {
    return { status: "launching", context: "new", age };
  }
  return { status: "inactive", context: "launch_failed", age };
}

/** Long enough for a session to have come of it. */
export function isLaunchOver(row: Pick<Instance, "created_at">, now: number): boolean {
  return now - row.created_at >= limits.launchFailed;
}

function heartbeatAge(row: Instance, now: number): number {
  if (row.last_stop > 0) return now - row.last_stop;
  if (row.status === "listening" && row.status_time > 0) return now - row.status_time;
  return limits.never;
}

export interface CleanUp {
  reason: "stale_cleanup" | "exit_cleanup" | "inactive_cleanup";
  isPlaceholder: boolean;
}

const shortExits = ["killed", "closed", "timeout", "interrupted", "session_switch"];

/** Whether the row should be stopped now, and why. Never called during wake grace. */
export function cleanUpDue(row: Instance, computed: Computed, now: number): CleanUp | undefined {
  if (row.origin_device_id !== "") return undefined;
  if (isPlaceholder(row)) {
    if (now - row.created_at <= limits.placeholder) return undefined;
    return { reason: "stale_cleanup", isPlaceholder: true };
  }
  if (computed.status !== "inactive") return undefined;
  if (computed.context.startsWith("stale:")) {
    return due(computed.age > limits.stale, "stale_cleanup");
  }
  const exit = computed.context.startsWith("exit:") ? computed.context.slice(5) : "";
  if (shortExits.includes(exit)) return due(computed.age > limits.exitContext, "exit_cleanup");
  return due(computed.age > limits.inactive, "inactive_cleanup");
}

function due(isDue: boolean, reason: CleanUp["reason"]): CleanUp | undefined {
  return isDue ? { reason, isPlaceholder: false } : undefined;
}

/** Did the machine sleep between two looks? A gap of hours is somebody who did not look. */
export function sleptBetween(lastLook: number, now: number): boolean {
  const gap = now - lastLook;
  return gap > limits.sleepDrift && gap <= 3600;
}
