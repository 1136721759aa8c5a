// Colours with a meaning. A command marks what a word is; whether that becomes a colour is decided
// where it is written. A marked word carries no escape sequence, so that text of ours and of others
// can be cleaned in one place.

/** What a word is, not what it looks like. */
export type Tone = "good" | "busy" | "warn" | "bad" | "name" | "strong" | "faint";

export interface Marked {
  readonly tone: Tone;
  readonly text: string;
}

export type Part = string | Marked;

const codes: Readonly<Record<Tone, readonly [on: number, off: number]>> = {
  good: [32, 39],
  busy: [36, 39],
  warn: [33, 39],
  bad: [31, 39],
  name: [1, 22],
  strong: [1, 22],
  faint: [2, 22],
};

export const style: Readonly<Record<Tone, (text: string) => Marked>> = {
  good: marked("good"),
  busy: marked("busy"),
  warn: marked("warn"),
  bad: marked("bad"),
  name: marked("name"),
  strong: marked("strong"),
  faint: marked("faint"),
};

function marked(tone: Tone): (text: string) => Marked {
  // In a template it is its text: the colour is lost, never the word.
  return (text) => ({ tone, text, toString: () => text });
}

export function textOf(part: Part): string {
  return typeof part === "string" ? part : part.text;
}

/** `clean` makes the words harmless before our own sequences are put around them. */
export function painted(
  parts: readonly Part[],
  isColoured: boolean,
  clean: (text: string) => string,
): string {
  return parts
    .map((part) => {
      const text = clean(textOf(part));
      if (typeof part === "string" || !isColoured || text === "") return text;
      const [on, off] = codes[part.tone];
      return `\x1b[${on}m${text}\x1b[${off}m`;
    })
    .join("");
}
