// Who is handing mail over right now: the pid of a process, believed only as long as that process
// can be the one that made the offer. Taking a claim reads nothing; only a doubt looks into
// /proc.
import type { Delivery } from "../../store/deliveries.ts";
import { leftMark } from "../../store/lapsed.ts";
import { isRunningSince } from "../../sys/process.ts";
import type { Bus } from "../bus.ts";

/**
 * Seconds after which an offer that was not committed is given up whoever holds it: a hand-over
 * takes milliseconds, and a pid from another pid namespace (a sandbox) says nothing here.
 */
const longest = 30;

/**
 * The pid, and something of its own: two sandboxes may both have a process 7. It is no secret, and
 * a uuid would cost the hook a quarter of a millisecond for the runtime's secure numbers.
 */
export function newClaim(bus: Bus): string {
  return `${bus.system.pid}:${Math.floor(bus.system.random() * 2 ** 32).toString(36)}`;
}

export function isClaimAlive(bus: Bus, delivery: Delivery): boolean {
  if (delivery.claim === null || delivery.offered_at === null || isLeft(delivery)) return false;
  if (Math.abs(bus.system.now() / 1000 - delivery.offered_at) > longest) return false;
  return isRunningSince(Number.parseInt(delivery.claim, 10), delivery.offered_at);
}

/** Whoever had it is gone for sure, and whether it got through is not known. */
export function isLeft({ claim }: Pick<Delivery, "claim">): boolean {
  return claim?.startsWith(leftMark) === true;
}
