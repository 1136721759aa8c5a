// One turn of the delivery loop as a pure decision: what was seen and remembered goes in, what to
// do comes out. One push at a time; a rung that shows no effect makes room for the next one.
import { type Activity, activityOf, correct } from "./activity.ts";
import { climb } from "./climb.ts";
import { launchStep } from "./launch-phase.ts";
import { followPush } from "./push.ts";
import type { Action, Rules, Seen, State, Step } from "./seen.ts";

export function decide(state: State, seen: Seen, nowMs: number, rules: Rules): Step {
  if (state.owed.length > 0) {
    return { state: { ...state, owed: [] }, actions: state.owed, nextMs: 0 };
  }
  const activity = activityOf(seen);
  const launched = launchStep(state, seen, nowMs, rules);
  const corrected = correct(state.doubt, seen, nowMs);
  const actions: Action[] = [...launched.actions, ...corrected.actions];
  const looked: State = {
    ...state,
    launch: launched.launch,
    readySince: launched.readySince,
    doubt: corrected.doubt,
    idleSince: activity === "idle" ? (state.idleSince ?? nowMs) : undefined,
    leftover: seen.screen.input === "" ? undefined : state.leftover,
    deafAt: isStillDeaf(state, seen) ? state.deafAt : undefined,
  };
  const pushed = pushTurn(looked, seen, activity, nowMs, rules);
  actions.push(...pushed.actions);
  return { state: pushed.state, actions, nextMs: nextLook(pushed.state, seen, activity) };
}

/** While the log does not answer nothing is known about the hooks either. */
function isStillDeaf(state: State, { row }: Seen): boolean {
  return row === undefined || row.hookMark === state.deafAt;
}

interface Turn {
  state: State;
  actions: Action[];
}

function pushTurn(state: State, seen: Seen, activity: Activity, nowMs: number, rules: Rules): Turn {
  // Without an answer of the database nothing is known about the mail: try again next time.
  if (seen.row === undefined) return { state, actions: [] };
  const turn = { seen, activity, nowMs, rules };
  const followed = state.push === undefined ? { state, actions: [] } : followPush(state, turn);
  if (followed.state.push !== undefined) return followed;
  const climbed = climb(followed.state, turn);
  return { state: climbed.state, actions: [...followed.actions, ...climbed.actions] };
}

const looks = {
  typingMs: 10,
  pushMs: 100,
  pendingMs: 250,
  busyMs: 1000,
  idleMs: 5000,
} as const;

function nextLook(state: State, seen: Seen, activity: Activity): number {
  if (state.push?.kind === "typing" && state.push.phase !== "verify") return looks.typingMs;
  if (state.push !== undefined) return looks.pushMs;
  const isUnsettled = state.launch === "pending" || state.doubt !== undefined;
  if (isUnsettled || (seen.mail.ids.length > 0 && activity === "idle")) return looks.pendingMs;
  return activity === "idle" && state.launch === "ready" ? looks.idleMs : looks.busyMs;
}
