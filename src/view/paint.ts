// A frame as text: plain, or with colours for a terminal. What draws on a live terminal takes the
// same colours from here.
import { type Tone, textOf } from "../cli/style.ts";
import type { Frame, Line } from "./line.ts";

export type Palette = "none" | "16" | "256";

export interface Look {
  palette: Palette;
  /** Of the terminal's background. */
  isLight: boolean;
  /** Only characters that every terminal has. */
  isAscii: boolean;
}

export interface Ink {
  /** Index of the terminal's own palette; undefined: its foreground. */
  color?: number;
  isBold?: boolean;
  isDim?: boolean;
}

const dark: Readonly<Record<Tone, Ink>> = {
  good: { color: 2 },
  busy: { color: 6 },
  warn: { color: 3 },
  bad: { color: 1, isBold: true },
  name: { isBold: true },
  strong: { isBold: true },
  faint: { isDim: true },
};

/** Yellow and cyan of the 16 are too pale for a white ground. */
const light: Readonly<Record<Tone, Ink>> = {
  ...dark,
  busy: { color: 4 },
  warn: { color: 5 },
};

export function inkOf(tone: Tone, { palette, isLight }: Look): Ink {
  const ink = (isLight ? light : dark)[tone];
  if (palette !== "none" || ink.color === undefined) return ink;
  // Without colours what is bad still stands out.
  return ink.isBold === true ? { isBold: true } : {};
}

/** The ground of the chosen line; undefined: it is shown reversed. */
export function chosenGround({ palette, isLight }: Look): number | undefined {
  if (palette !== "256") return undefined;
  return isLight ? 254 : 236;
}

const plainer: Readonly<Record<string, string>> = {
  ...{ "▶": ">", "◉": "o", "■": "#", "✗": "x", "◎": "*", "○": ".", "⊘": "-", "❯": ">" },
  ...{ "→": ">", "✓": "v", "↩": "<", "…": "~", "·": ".", "│": "|", "▏": "|", "◂": "<", "▸": ">" },
};

/** As many columns as before. */
export function asciiOf(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  let plain = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const known = /^[\x20-\x7e]$/.test(segment) ? segment : plainer[segment];
    plain += known ?? "?".repeat(Bun.stringWidth(segment));
  }
  return plain;
}

/** A line of text for each of the frame's; without colour blanks at their ends are left out. */
export function painted(frame: Frame, look: Look): string[] {
  return frame.lines.map((line) => {
    const text = line.parts.map((part) => paintedPart(part, line, look)).join("");
    return look.palette === "none" && !isMarked(text) ? text.trimEnd() : text;
  });
}

function isMarked(text: string): boolean {
  return text.includes("\x1b");
}

function paintedPart(part: Line["parts"][number], line: Line, look: Look): string {
  const own = textOf(part);
  const text = look.isAscii ? asciiOf(own) : own;
  if (look.palette === "none") return text;
  const codes: number[] = [];
  if (line.isChosen === true) codes.push(...groundCodes(look));
  if (typeof part !== "string") codes.push(...inkCodes(inkOf(part.tone, look)));
  return codes.length === 0 || text === "" ? text : `\x1b[${codes.join(";")}m${text}\x1b[0m`;
}

function groundCodes(look: Look): number[] {
  const ground = chosenGround(look);
  return ground === undefined ? [7] : [48, 5, ground];
}

function inkCodes({ color, isBold, isDim }: Ink): number[] {
  return [
    ...(isBold === true ? [1] : []),
    ...(isDim === true ? [2] : []),
    ...(color === undefined ? [] : [30 + color]),
  ];
}
