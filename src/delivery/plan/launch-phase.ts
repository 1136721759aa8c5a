// How a launch turned out, by what is seen: ready, or waiting for the human. Readiness is observed
// and never assumed from a status that somebody wrote; a blocked launch may still become ready.
import type { Action, Rules, Seen, State } from "./seen.ts";

/** No output for this long, with text on the screen and no input box: it waits for somebody. */
const blockedQuietMs = 1500;

type Phase = Pick<State, "launch" | "readySince">;

export interface LaunchStep extends Phase {
  actions: Action[];
}

export function launchStep(phase: Phase, seen: Seen, nowMs: number, rules: Rules): LaunchStep {
  const { launch } = phase;
  if (launch === "ready" || seen.row === undefined) return { ...phase, actions: [] };
  if (isReady(seen, rules)) {
    const readySince = phase.readySince ?? nowMs;
    const isSettled = !seen.row.isPlaceholder || nowMs - readySince >= (rules.settleMs ?? 0);
    if (!isSettled) return { launch, readySince, actions: [] };
    const action: Action = {
      kind: "launch",
      outcome: "ready",
      context: readyContext(seen, launch),
    };
    return { launch: "ready", readySince, actions: [action] };
  }
  const readySince = undefined;
  if (launch === "pending" && isBlocked(seen, rules)) {
    const action: Action = { kind: "launch", outcome: "blocked", context: "launch_blocked" };
    return { launch: "blocked", readySince, actions: [action] };
  }
  return { launch, readySince, actions: [] };
}

function isReady(seen: Seen, rules: Rules): boolean {
  const { row, screen, live } = seen;
  if (screen.hasApproval || screen.hasLaunchQuestion || live?.status === "waiting") return false;
  // A hook of the session itself spoke.
  if (row?.hasSession && row.status === "active") return true;
  if (rules.gates.ready && !screen.isReady) return false;
  // A draft in the box proves a running tool as well as an empty box does.
  return rules.gates.emptyPrompt ? screen.input !== null : screen.isReady;
}

/** The status to write with it; undefined leaves what a hook has written. */
function readyContext(seen: Seen, launch: State["launch"]): string | undefined {
  if (launch === "blocked" && seen.row?.context === "launch_blocked")
    return "launch_blocked_cleared";
  return seen.row?.isPlaceholder ? "ready_observed" : undefined;
}

function isBlocked(seen: Seen, rules: Rules): boolean {
  const { row, screen } = seen;
  if (row === undefined || row.status === "active") return false;
  if (screen.hasLaunchQuestion) return true;
  const isOverdue = seen.runningMs >= rules.startTimeoutMs;
  return isOverdue && screen.hasText && seen.quietMs >= blockedQuietMs;
}
