// Puts together what one turn of the loop sees, from the log, the tool's registry and the screen.
import type { PendingMail } from "../bus/mail/pending.ts";
import type { Instance } from "../core/instance.ts";
import { isPlaceholder } from "../core/liveness.ts";
import type { Eyes } from "./eyes.ts";
import type { LiveFile } from "./live-file.ts";
import type { Rules, Seen, SeenRow } from "./plan/seen.ts";
import { type Target, unusable } from "./rungs.ts";

export interface Log {
  row: Instance | undefined;
  mail: PendingMail;
  /** The newest event that a hook of ours wrote for it. */
  hookMark: number;
}

export const emptyLog: Log = {
  row: undefined,
  mail: { ids: [], inFlight: false },
  hookMark: 0,
};

export interface LookInputs {
  log: Log;
  live: LiveFile | undefined;
  eyes: Eyes;
  rules: Rules;
  target: Target;
  /** Epoch milliseconds. */
  wall: number;
  runningMs: number;
  effect: Seen["effect"];
}

export function look(inputs: LookInputs): Seen {
  const { log, live, eyes, rules, target, wall } = inputs;
  const hasMail = log.mail.ids.length > 0;
  return {
    row: log.row === undefined ? undefined : seenRow(log.row, log.hookMark, wall),
    mail: log.mail,
    live: live && {
      status: live.session.status,
      waitingFor: live.session.waitingFor ?? "",
      ageMs: Math.max(0, wall - live.changedAt),
    },
    screen: eyes.glance(),
    quietMs: eyes.quietMs(),
    sinceKey: eyes.sinceKey(),
    sinceSubmit: eyes.sinceSubmit(),
    runningMs: inputs.runningMs,
    // Looking at sockets and versions is of use only when there is something to push.
    unusable: hasMail ? rules.rungs.map((rung) => unusable(rung, target)) : [],
    effect: inputs.effect,
  };
}

function seenRow(row: Instance, hookMark: number, wall: number): SeenRow {
  return {
    status: row.status,
    context: row.status_context,
    detail: row.status_detail,
    ageMs: Math.max(0, wall - row.status_time * 1000),
    cursor: row.last_event_id,
    hasSession: row.session_id !== null,
    hookMark,
    isPlaceholder: isPlaceholder(row),
  };
}
