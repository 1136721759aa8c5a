// Version strings of foreign programs: read out of their `--version` text and put in order.

/** The first `x.y.z` of a text, e.g. of `2.1.329 (Claude Code)`; undefined when there is none. */
export function parseVersion(text: string | undefined): string | undefined {
  return text?.match(/\d+\.\d+\.\d+/)?.[0];
}

/** Negative, zero or positive, by the three numbers; a text without them counts as 0.0.0. */
export function compareVersions(left: string, right: string): number {
  const a = numbers(left);
  const b = numbers(right);
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Is `version` at least `since`? An unknown version counts as `unknown` says. */
export function isSince(version: string | undefined, since: string, unknown: boolean): boolean {
  const known = parseVersion(version);
  return known === undefined ? unknown : compareVersions(known, since) >= 0;
}

function numbers(version: string): [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = (parseVersion(version) ?? "").split(".").map(Number);
  return [major, minor, patch];
}
