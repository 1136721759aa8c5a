// Times as channel records carry them: RFC 3339 text that is kept as it came, and a moment to order
// it by. A JavaScript Date would lose digits, and take the 30th of February for the 2nd of March.
import { noSuchTime } from "./refusals.ts";

/** Milliseconds since 1970 and the nanoseconds beyond: a bigint is too slow for every message. */
export interface Moment {
  ms: number;
  nanos: number;
}

/** UTC with `Z` and the shortest exact fraction of 0, 3, 6 or 9 digits. */
export function timestampOf(epochMs: number, nanos = 0): string {
  const text = new Date(epochMs).toISOString();
  if (nanos !== 0) {
    const digits = String(nanos).padStart(6, "0");
    return `${text.slice(0, -1)}${digits.endsWith("000") ? digits.slice(0, 3) : digits}Z`;
  }
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}Z` : text;
}

/** The other spelling, of replies and logs: `+00:00` instead of `Z`. */
export function withOffset(timestamp: string): string {
  return timestamp.endsWith("Z") ? `${timestamp.slice(0, -1)}+00:00` : timestamp;
}

/**
 * The moment of a new message: now, or a microsecond after the last one that is there. Programs
 * that sort by the time alone then see one order, and it is ours. There are always microseconds,
 * so that the texts, of one length, sort as the times do.
 */
export function momentAfter(last: Moment | undefined, nowMs: number): Moment {
  const ms = Math.floor(nowMs);
  if (last === undefined || last.ms < ms) return { ms, nanos: least };
  const nanos = (Math.floor(last.nanos / 1000) + 1) * 1000;
  return nanos < million ? { ms: last.ms, nanos } : { ms: last.ms + 1, nanos: least };
}

/**
 * Times further ahead than this are somebody's mistake: what is said now is not put behind them.
 * A clock that went back by less is waited for.
 */
export const furthestAheadMs = 86_400_000;

const least = 1000;
const million = 1_000_000;

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Undefined when the text is no RFC 3339 time, or one that does not exist. */
export function momentOf(timestamp: string): Moment | undefined {
  const parts = rfc3339.exec(timestamp);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", sign, ...offset] = parts;
  const [offsetHours = "0", offsetMinutes = "0"] = offset;
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(offsetHours) > 23) return undefined;
  // A leap second is a time.
  if (Number(second) > 60 || Number(offsetMinutes) > 59) return undefined;
  const away = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === "-" ? -1 : 1);
  const minutes = Number(hour) * 60 + Number(minute) - away;
  const seconds = daysTo(Number(year), Number(month), Number(day)) * 86_400 + minutes * 60;
  const digits = fraction.padEnd(9, "0");
  const ms = (seconds + Number(second)) * 1000 + Number(digits.slice(0, 3));
  return { ms, nanos: Number(digits.slice(3)) };
}

/** A minute that was read, and where: most messages of a document share the one before them. */
export interface LastMinute {
  at: number;
  /** Since 1970. */
  seconds: number;
}

/** Bytes in which times are. */
interface Times {
  readonly plain: Uint8Array;
  readonly view: DataView;
  readonly lastMinute: LastMinute;
}

/**
 * Of the bytes of `2026-02-28T10:30:00.123456Z`, with any fraction; undefined for whatever else may
 * be a time, too.
 */
export function plainMoment(of: Times, at: number, length: number): Moment | undefined {
  const { plain: bytes, lastMinute: last } = of;
  if (length < 20 || length > 30 || length === 21 || bytes[at + length - 1] !== 0x5a) {
    return undefined;
  }
  if (length > 20 && bytes[at + 19] !== 0x2e) return undefined;
  const minute = sameMinute(of, at) ?? minuteIn(bytes, at);
  const second = digitsIn(bytes, at + 17, 2);
  const places = length === 20 ? 0 : length - 21;
  const fraction = places === 0 ? 0 : digitsIn(bytes, at + 20, places) * 10 ** (9 - places);
  if (minute === undefined || Number.isNaN(second + fraction) || second > 59) return undefined;
  last.at = at;
  last.seconds = minute;
  const ms = Math.floor(fraction / million);
  return { ms: (minute + second) * 1000 + ms, nanos: fraction - ms * million };
}

/** Looked at as two numbers and a mark: seventeen bytes one by one take three times as long. */
function sameMinute({ plain, view, lastMinute: { at, seconds } }: Times, other: number) {
  const isSame =
    at >= 0 &&
    view.getFloat64(at) === view.getFloat64(other) &&
    view.getFloat64(at + 8) === view.getFloat64(other + 8) &&
    plain[at + 16] === plain[other + 16];
  return isSame ? seconds : undefined;
}

/** In seconds since 1970. */
function minuteIn(bytes: Uint8Array, at: number): number | undefined {
  const isMarked =
    bytes[at + 4] === 0x2d &&
    bytes[at + 7] === 0x2d &&
    bytes[at + 10] === 0x54 &&
    bytes[at + 13] === 0x3a &&
    bytes[at + 16] === 0x3a;
  const year = digitsIn(bytes, at, 4);
  const month = digitsIn(bytes, at + 5, 2);
  const day = digitsIn(bytes, at + 8, 2);
  const hour = digitsIn(bytes, at + 11, 2);
  const minute = digitsIn(bytes, at + 14, 2);
  if (!isMarked || Number.isNaN(year + month + day + hour + minute)) return undefined;
  if (!isDay(year, month, day) || hour > 23 || minute > 59) return undefined;
  return daysTo(year, month, day) * 86_400 + hour * 3600 + minute * 60;
}

/** NaN when one is none. */
function digitsIn(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let offset = at; offset < at + count; offset++) {
    const digit = (bytes[offset] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Nanoseconds since 1970, or undefined when the text is no RFC 3339 time. */
export function nanosOf(timestamp: string): bigint | undefined {
  const moment = momentOf(timestamp);
  return moment && BigInt(moment.ms) * 1_000_000n + BigInt(moment.nanos);
}

/**
 * A time in a question, `name` says which. AgenticComm takes what is no time for none at all, and
 * so do we; but one that cannot be, like the 30th of February, is a slip that nobody must answer.
 */
export function askedMoment(text: string | undefined, name: string): Moment | undefined {
  const moment = text === undefined ? undefined : momentOf(text);
  if (text === undefined || moment !== undefined) return moment;
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)(?!\d)/.exec(text) ?? [];
  const isDated = year !== undefined;
  if (isDated && (rfc3339.test(text) || !isDay(Number(year), Number(month), Number(day)))) {
    throw noSuchTime(name, text);
  }
  return undefined;
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDay(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = monthLengths[month - 1] ?? 0;
  return day >= 1 && day <= length + (isLeap && month === 2 ? 1 : 0);
}

/** Since 1970, of the Gregorian calendar; years are counted from March, which puts 29 last. */
function daysTo(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leaps = Math.floor(ofEra / 4) - Math.floor(ofEra / 100);
  return era * 146_097 + ofEra * 365 + leaps + ofYear - 719_468;
}
