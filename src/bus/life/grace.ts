// Has the machine just woken from sleep? Then nobody is stale yet. The look is recorded across
// processes, because most of ours live for milliseconds.
import { limits, sleptBetween } from "../../core/liveness.ts";
import { newestHeartbeat } from "../../store/history.ts";
import { getKv, setKv } from "../../store/kv.ts";
import type { Bus } from "../bus.ts";

const lastLook = "_wake_last_wall";
const graceUntil = "_wake_grace_until";
const recordEvery = 5;

export function isWakeGrace(bus: Bus): boolean {
  const now = bus.system.now() / 1000;
  const until = Number(getKv(bus.db, graceUntil) ?? 0);
  const seen = Number(getKv(bus.db, lastLook) ?? 0);
  if (seen > 0 && sleptBetween(seen, now) && anyHeartbeatLost(bus, seen)) {
    setKv(bus.db, graceUntil, String(now + limits.wakeGrace));
    setKv(bus.db, lastLook, String(now));
    return true;
  }
  if (Math.abs(now - seen) > recordEvery) setKv(bus.db, lastLook, String(now));
  // A grace further away than its own length is left from a clock that was ahead.
  return now < until && until - now <= limits.wakeGrace;
}

// A gap between looks alone is no sleep: perhaps nobody asked. Waiting loops beat every few
// seconds, so after a real sleep all of their heartbeats stand still as well, since the look
// before. Hearts that stood still by then are dead.
function anyHeartbeatLost(bus: Bus, since: number): boolean {
  return Math.abs(newestHeartbeat(bus.db) - since) <= limits.heartbeatWoken;
}
