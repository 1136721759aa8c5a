// A piece of a long text around a match, on one line.

/**
 * At most `most` UTF-16 units of `text` around the match of `length` units at `at`; no character
 * is cut in two.
 */
export function excerpt(text: string, at: number, length: number, most: number): string {
  const room = Math.max(0, most - length);
  const start = Math.max(0, Math.min(at - Math.floor(room / 2), text.length - most));
  const end = Math.min(text.length, start + most);
  return text
    .slice(isInside(text, start) ? start + 1 : start, isInside(text, end) ? end - 1 : end)
    .replace(/\s+/g, " ")
    .trim();
}

/** Between the halves of a character. */
function isInside(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1));
}
