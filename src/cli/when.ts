// Times as people read them: in their own time zone, no longer than needed; or how long ago.
import { formatAge } from "../core/time/age.ts";

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `14:02:05` today, `27 Nov 14:02` this year, `2025-11-27 14:02` before. */
export function clock(ms: number, nowMs: number): string {
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) return "at no known time";
  const now = new Date(nowMs);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return `${time}:${two(at.getSeconds())}`;
  if (at.getFullYear() === now.getFullYear()) {
    return `${String(at.getDate()).padStart(2)} ${months[at.getMonth()]} ${time}`;
  }
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** `now`, `3m ago`. */
export function ago(seconds: number): string {
  const age = formatAge(seconds);
  return age === "now" ? age : `${age} ago`;
}

/** `250 ms`, `12 s`, `4m`: how long something took. */
export function elapsed(seconds: number): string {
  if (seconds < 10) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  return seconds < 60 ? `${Math.round(seconds)} s` : formatAge(seconds);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
