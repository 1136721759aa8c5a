// A moment as people and scripts write it: how long ago, a time of today, a date, or a time as the
// log has it. Dates and times without a zone are local; the log's own form, with a T, is UTC.
import { exitCode, Refusal } from "../refusal.ts";

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** Without a zone, as it stands in the log: it is compared with all of its digits. */
const isOfTheLog = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/i;

/** The years that four digits can say. */
const [first, behindLast] = [Date.parse("0000-01-01"), Date.parse("9999-12-31T24:00Z")];

/** ISO 8601 in UTC; `flag` is named when it cannot be understood. */
export function timeBound(text: string, nowMs: number, flag: string): string {
  const ms = agoMs(text, nowMs) ?? dayMs(text, nowMs) ?? writtenMs(text);
  if (ms !== undefined && ms >= first && ms < behindLast) {
    return isOfTheLog.test(text) ? text : new Date(ms).toISOString();
  }
  throw new Refusal({
    code: "bad_time",
    exit: exitCode.usage,
    message: `--${flag} "${text}" is not a time`,
    hint: "for example: 10m, 2h, 3d, 14:30, yesterday, 2026-11-21, 2026-11-21T14:30:00Z",
  });
}

/** `10m`, `2h ago`, `1h30m`. */
function agoMs(text: string, nowMs: number): number | undefined {
  const bare = text.trim().replace(/\s+ago$/, "");
  if (!/^(?:\d+(?:\.\d+)?[smhdw])+$/.test(bare)) return undefined;
  const parts = [...bare.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  const length = parts.reduce((sum, [, n, unit]) => sum + Number(n) * (unitMs[unit ?? ""] ?? 0), 0);
  return nowMs - length;
}

/** `14:30`, `14:30:05`, `today`, `yesterday`, `now`. */
function dayMs(text: string, nowMs: number): number | undefined {
  const day = new Date(nowMs);
  if (text === "now") return nowMs;
  if (text === "today") return day.setHours(0, 0, 0, 0);
  if (text === "yesterday") {
    day.setDate(day.getDate() - 1);
    return day.setHours(0, 0, 0, 0);
  }
  const time = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (time === null) return undefined;
  const [hours, minutes, seconds] = [Number(time[1]), Number(time[2]), Number(time[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return day.setHours(hours, minutes, seconds, 0);
}

const written =
  /^(\d{4}-\d{2}-\d{2})(?:([T ])(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

function writtenMs(text: string): number | undefined {
  const found = written.exec(text);
  if (found === null) return undefined;
  const [, date, between, time = "00:00", zone] = found;
  if (!isDate(date ?? "")) return undefined;
  const [hours, minutes] = time.split(":").map(Number);
  if ((hours ?? 0) > 23 || (minutes ?? 0) > 59) return undefined;
  const isUtc = zone === undefined && between?.toUpperCase() === "T";
  // Without a zone JavaScript reads a date with a time as local.
  return Date.parse(`${date}T${time}${isUtc ? "Z" : (zone ?? "")}`);
}

/** The 30th of February is none. */
function isDate(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}
