// Prose at a terminal: broken between words, with what follows indented, so that a long line stays
// under the thing it is about. A command and a path, which are copied, are never broken: what is
// wider than the terminal is left to that, which gives it back in one piece. Where nobody looks a
// line stays one.
import { type Part, style, textOf } from "../style.ts";
import { cleanParts, headOf, trimmed, widthOf } from "../table.ts";

export interface Wrapping {
  width: number;
  /** Blanks in front of every line but the first. */
  indent: number;
  /** What is not broken, each with the blanks in front of it; otherwise words. */
  words?: RegExp;
}

/** The lines, each as the parts that `Out.line` takes. */
export function wrapped(line: readonly Part[], wrapping: Wrapping): Part[][] {
  const {
    width,
    indent,
    words = / *(?:hcom [a-z]+(?: (?:--[\w-]+|[A-Z]+)(?![\w]))*[,.;:)]*|[^ ]+)/g,
  } = wrapping;
  const parts = cleanParts(line);
  if (widthOf(parts) <= width) return [parts];
  const lines: Part[][] = [[]];
  let used = 0;
  for (const word of wordsOf(parts, words)) {
    const blanks = /^ */.exec(textOf(word))?.[0].length ?? 0;
    if (!glued.test(textOf(word)) && used > indent && used + widthOf([word]) > width) {
      lines.push([" ".repeat(indent)]);
      used = indent;
      add(toned(word, textOf(word).slice(blanks)));
    } else add(word);
  }
  return lines.map(trimmed);

  function add(word: Part): void {
    let rest = textOf(word);
    // Any other word that is longer than the line has to be broken somewhere.
    while (!isWhole(word) && used + Bun.stringWidth(rest) > width) {
      const head = headOf(rest, Math.max(1, width - used));
      lines.at(-1)?.push(toned(word, head));
      lines.push([" ".repeat(indent)]);
      rest = rest.slice(head.length);
      used = indent;
    }
    lines.at(-1)?.push(toned(word, rest));
    used += Bun.stringWidth(rest);
  }
}

/** It ends what stands before it. */
const glued = /^[,.;:)]+$/;

/** Besides those: a command that is marked as one, a path. */
function isWhole(part: Part): boolean {
  return isCommand(part) || /^ *(?:hcom |\(?[~/]|[,.;:)]+$)/.test(textOf(part));
}

function isCommand(part: Part): boolean {
  return typeof part !== "string" && /^hcom /.test(part.text);
}

/** The blanks at a part's end are those in front of the next one. */
function wordsOf(parts: readonly Part[], words: RegExp): Part[] {
  return parts.flatMap((part) => {
    if (isCommand(part)) return [part];
    const text = textOf(part);
    const end = / +$/.exec(text)?.[0] ?? "";
    const found = [...(text.match(words) ?? []), ...(end === "" ? [] : [end])];
    return found.map((one) => toned(part, one));
  });
}

function toned(part: Part, text: string): Part {
  return typeof part === "string" ? text : style[part.tone](text);
}
