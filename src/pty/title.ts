// The terminal title as text: cleaning what a program set, and composing ours.

export type TitleMode = "combined" | "label" | "off";

const titleChars = 160;

/** Without control and bidi characters, blanks collapsed, at most 160 characters. */
export function cleanTitle(text: string): string {
  const clean = text
    .replace(/[\p{Cc}\u2028\u2029]/gu, " ")
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return [...clean].slice(0, titleChars).join("");
}

export interface Label {
  mode: TitleMode;
  icon: string;
  /** With its tag. */
  name: string;
  tool: string;
  /** The program's own title. */
  own: string;
}

/** The title to show, or undefined when ours is switched off. */
export function composeTitle(label: Label): string | undefined {
  if (label.mode === "off") return undefined;
  const head = `${label.icon} ${label.name}`;
  return label.mode === "combined" && label.own !== ""
    ? `${head} - ${label.own}`
    : `${head} [${label.tool}]`;
}

/** OSC 1 (icon) and OSC 2 (window). */
export function titleSequence(title: string): string {
  const text = title.replace(/\p{Cc}/gu, "");
  return `\x1b]1;${text}\x07\x1b]2;${text}\x07`;
}
