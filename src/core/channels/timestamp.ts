// Times as channel records carry them: RFC 3339 text that is kept as it came, and a number of
// nanoseconds to order it by. A JavaScript Date would lose digits.

/** UTC with `Z` and the shortest exact fraction of 0, 3, 6 or 9 digits. */
export function timestampOf(epochMs: number): string {
  const text = new Date(epochMs).toISOString();
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}Z` : text;
}

/** The other spelling, of replies and logs: `+00:00` instead of `Z`. */
export function withOffset(timestamp: string): string {
  return timestamp.endsWith("Z") ? `${timestamp.slice(0, -1)}+00:00` : timestamp;
}

const rfc3339 =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Nanoseconds since 1970, or undefined when the text is no RFC 3339 time. */
export function nanosOf(timestamp: string): bigint | undefined {
  const parts = rfc3339.exec(timestamp);
  if (parts === null) return undefined;
  const [, date = "", time = "", fraction = "", sign, hours = "0", minutes = "0"] = parts;
  const ms = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(ms)) return undefined;
  const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return BigInt(ms - offset) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}
