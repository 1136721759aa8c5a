// What holds a message now: the one place that computes it. `why`, `list`, the answer to a send and
// what a sender is told all show this.

import { type Instance, launchContextOf } from "../../core/instance.ts";
import { isLaunchOver, isPlaceholder } from "../../core/liveness.ts";
import { type Hold, holdOfStatus, isPassing } from "../../core/mail/hold.ts";
import { fullName } from "../../core/names/address.ts";
import { type Delivery, reachedReason } from "../../store/deliveries.ts";
import { getInstance } from "../../store/instances.ts";
import { isProvenAlive } from "../agents/proven-alive.ts";
import type { Bus } from "../bus.ts";
import { humanPrincipal } from "../inbox.ts";
import { isClaimAlive } from "./claim.ts";
import { isAlone, wayTo } from "./waking/wake-alone.ts";

/** What holds mail for this agent back at the moment; undefined when it would come at once. */
export async function holdOfAgent(bus: Bus, row: Instance): Promise<Hold | undefined> {
  const hold = statusHold(bus, row);
  // A shell whose `hcom listen` has timed out comes back when it likes.
  if (isUnattended(row) && (hold === undefined || hold.kind === "gone")) return unattended;
  if (hold !== undefined && hold.kind !== "failed") return hold;
  if (!(await isAlone(row)) || (await wayTo(bus, row)) !== undefined) return hold;
  const alone = unreachable(row);
  return hold === undefined ? alone : { ...hold, text: `${hold.text}; ${alone.text}` };
}

function statusHold(bus: Bus, row: Instance): Hold | undefined {
  const isOver = isPlaceholder(row) && isLaunchOver(row, bus.system.now() / 1000);
  const isFailed = isOver && !isProvenAlive(row);
  return holdOfStatus({
    ...row,
    ...(isFailed ? { status_context: "launch_failed" } : {}),
    isPlaceholder: isPlaceholder(row),
  });
}

const unattended: Hold = {
  kind: "unreachable",
  text: "no program under hcom, so it reads when it asks",
};

/** A name that a shell or script has taken. */
function isUnattended(row: Instance): boolean {
  if (row.parent_name !== null || row.origin_device_id !== "") return false;
  return row.session_id === null && row.pid === null;
}

function unreachable(row: Instance): Hold {
  const { permissions } = launchContextOf(row);
  const why = permissions === "bypassed" ? " (it acts without asking, and holds what comes)" : "";
  return {
    kind: "unreachable",
    text: `nothing of hcom can wake it${why}: mail comes with its next turn`,
    next: `hcom listen, run by ${fullName(row)}; or start it with: hcom ${row.tool}`,
  };
}

/** Of those who have just been sent something, by base name: only what takes a while. */
export async function holdsOf(bus: Bus, names: readonly string[]): Promise<Map<string, Hold>> {
  const holds = new Map<string, Hold>();
  for (const name of names) {
    const row = getInstance(bus.db, name);
    const hold = row === undefined ? undefined : await holdOfAgent(bus, row);
    if (hold !== undefined && !isPassing(hold)) holds.set(name, hold);
  }
  return holds;
}

/** Of one delivery; undefined when it has arrived or has ended, or is about to be taken. */
export async function holdOf(bus: Bus, delivery: Delivery): Promise<Hold | undefined> {
  const row = getInstance(bus.db, delivery.recipient);
  const isHere = row !== undefined && row.principal === delivery.principal;
  if (delivery.state === "handed") return holdOfHanded(bus, isHere ? row : undefined, delivery);
  if (delivery.state !== "stored" && delivery.state !== "offered") return undefined;
  // The person reads when the person likes.
  if (delivery.principal === humanPrincipal) return undefined;
  if (!isHere) return { kind: "gone", text: "the agent is not here; its mail waits for it" };
  if (isClaimAlive(bus, delivery)) return { kind: "handing", text: "it is being handed over" };
  if (delivery.policy !== null) {
    const text = `it wants ${delivery.policy} from that channel, so this wakes nobody`;
    return { kind: "policy", text };
  }
  return (await holdOfAgent(bus, row)) ?? onItsWay(delivery);
}

/** Known only once a rung was tried. */
function onItsWay({ via, reason }: Delivery): Hold | undefined {
  if (via === null) return undefined;
  const before = reason === null ? "" : `; ${reason}`;
  return { kind: "pushing", text: `it is being woken by ${via}${before}` };
}

/** Handed over, and no turn has run on it. */
function holdOfHanded(bus: Bus, row: Instance | undefined, delivery: Delivery): Hold | undefined {
  if (delivery.reason !== reachedReason) return undefined;
  const status = row && statusHold(bus, row);
  if (status?.kind === "failed") return status;
  return { kind: "no-turn", text: "it stands in its conversation; no turn has run on it yet" };
}
