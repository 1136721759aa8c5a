// The marker that `hcom start` prints: a session that does not tell its id is recognised by it in
// the output of a command. The second spelling is the one that older versions printed.
const written = /\[(?:hcom|HCOM:BIND):([a-z0-9_]+)\]/g;

export function markerOf(name: string): string {
  return `[hcom:${name}]`;
}

/** The names that a text marks, in order. */
export function markedNames(text: string): string[] {
  return [...text.matchAll(written)].map((match) => match[1] ?? "");
}

/** Cheap enough for every output of every action: is there anything to look for? */
export function hasMarker(text: string): boolean {
  return text.includes("[hcom:") || text.includes("[HCOM:BIND:");
}
