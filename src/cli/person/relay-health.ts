// How the way to a group's broker is, in words.
import type { Health } from "../../core/relay/health.ts";
import { type Part, style } from "../style.ts";

export function healthText(health: Health): Part[] {
  switch (health.kind) {
    case "connected":
      return [style.good("connected")];
    case "starting":
      return [style.busy(`starting (PID ${health.pid}, awaiting connect)`)];
    case "stale":
      return [style.warn(`stale - no sign of life for ${health.age_s} s (PID ${health.pid})`)];
    case "waiting":
      return [style.warn("waiting (the daemon does not run: hcom relay daemon start)")];
    case "error":
      return [style.bad(`error - ${health.detail}`)];
    default:
      return [health.kind.replace("_", " ")];
  }
}
