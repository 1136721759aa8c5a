// How long ago something was, in the shortest form that people read at a glance.

const minute = 60;
const hour = 3600;
const day = 86_400;

/** `now`, `30s`, `1m`, `1h`, `1d`: always rounded down. */
export function formatAge(seconds: number): string {
  const whole = Math.floor(seconds);
  if (!(whole > 0)) return "now";
  if (whole < minute) return `${whole}s`;
  if (whole < hour) return `${Math.floor(whole / minute)}m`;
  if (whole < day) return `${Math.floor(whole / hour)}h`;
  return `${Math.floor(whole / day)}d`;
}
