// What the session is doing, from all that can be known, and when the status in the log is wrong.
// Hooks alone get stuck: an interrupted or failed turn reports no end. What the tool publishes
// about itself decides; without that, its screen does.

import { isIdle } from "../../core/status.ts";
import type { Action, Seen, SeenLive, SeenRow, State } from "./seen.ts";

export type Activity = "idle" | "busy" | "waiting" | "unknown";

export function activityOf(seen: Seen): Activity {
  const { row, live, screen } = seen;
  if (row === undefined || row.isPlaceholder) return "unknown";
  if (live?.status === "waiting" || screen.hasApproval || screen.hasLaunchQuestion)
    return "waiting";
  if (row.status === "blocked") return "waiting";
  if (!isIdle({ status: row.status, status_detail: row.detail })) return "busy";
  if (live !== undefined) return live.status === "idle" ? "idle" : "busy";
  return screen.isBusy === true ? "busy" : "idle";
}

interface Correction {
  key: string;
  /** The disagreement must last this long: hooks and registry are never written together. */
  holdMs: number;
  action: Action;
}

export interface Corrected {
  doubt: State["doubt"];
  actions: Action[];
}

export function correct(doubt: State["doubt"], seen: Seen, nowMs: number): Corrected {
  const wanted = correctionOf(seen);
  if (wanted === undefined) return { doubt: undefined, actions: [] };
  const since = doubt?.key === wanted.key ? doubt.since : nowMs;
  if (nowMs - since < wanted.holdMs) return { doubt: { key: wanted.key, since }, actions: [] };
  return { doubt: undefined, actions: [wanted.action] };
}

function correctionOf(seen: Seen): Correction | undefined {
  const { row } = seen;
  if (row === undefined || row.isPlaceholder || row.context === "launch_blocked") return undefined;
  if (row.status !== "active" && row.status !== "blocked" && row.status !== "listening") {
    return undefined;
  }
  return seen.live === undefined ? byScreen(row, seen) : byRegistry(row, seen.live);
}

/** The row counts whole seconds. */
const rowResolutionMs = 1000;
/** The registry is right in the end, even when a late hook wrote the row after it. */
const registryWinsMs = 10_000;

function byRegistry(row: SeenRow, live: SeenLive): Correction | undefined {
  const isNewer = live.ageMs + rowResolutionMs < row.ageMs;
  if (!isNewer && row.ageMs < registryWinsMs) return undefined;
  switch (live.status) {
    case "idle":
      return row.status === "listening" ? undefined : listening("pty:recovered", 1500);
    case "waiting":
      return row.status === "blocked" ? undefined : blocked("approval", live.waitingFor, 1000);
    case "busy":
      return isAsked(row) ? approved(1500) : undefined;
  }
}

const screenIdleMs = 3000;
const silentMs = 10_000;

function byScreen(row: SeenRow, seen: Seen): Correction | undefined {
  const { hasApproval, isBusy } = seen.screen;
  if (hasApproval) return row.status === "blocked" ? undefined : blocked("pty:approval", "", 0);
  if (row.status === "listening") return undefined;
  if (isBusy === true)
    return isAsked(row) ? approved(row.context === "approval" ? 1500 : 0) : undefined;
  if (row.context === "pty:approval") return listening("pty:approval_cleared", 0);
  if (isBusy === false && row.ageMs > screenIdleMs) return listening("pty:recovered", screenIdleMs);
  const isSilent = seen.quietMs > silentMs && row.ageMs > silentMs;
  return isBusy === null && isSilent ? listening("pty:recovered", 0) : undefined;
}

function isAsked(row: SeenRow): boolean {
  return row.status === "blocked" && !row.context.startsWith("denied");
}

function listening(context: string, holdMs: number): Correction {
  return {
    key: `listening ${context}`,
    holdMs,
    action: { kind: "status", status: "listening", context, detail: "" },
  };
}

function blocked(context: string, detail: string, holdMs: number): Correction {
  return {
    key: "blocked",
    holdMs,
    action: { kind: "status", status: "blocked", context, detail },
  };
}

function approved(holdMs: number): Correction {
  return {
    key: "approved",
    holdMs,
    action: { kind: "status", status: "active", context: "approved", detail: "" },
  };
}
