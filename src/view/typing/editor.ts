// A text that somebody types: characters as people see them, several lines, a cursor. Values only.
export interface Editor {
  readonly text: string;
  /** Where the next character goes, in UTF-16 units; never inside of a character. */
  readonly at: number;
}

export const blank: Editor = { text: "", at: 0 };

export function editorOf(text: string): Editor {
  return { text, at: text.length };
}

export function insert({ text, at }: Editor, added: string): Editor {
  const kept = added.replace(/\r\n?/g, "\n").replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "");
  return { text: text.slice(0, at) + kept + text.slice(at), at: at + kept.length };
}

/** The editor after a key that moves or deletes; undefined when the key means neither. */
export function edited(editor: Editor, key: string): Editor | undefined {
  const { text, at } = editor;
  switch (key) {
    case "left":
      return { text, at: before(editor) };
    case "right":
      return { text, at: after(editor) };
    case "home":
    case "ctrl+a":
      return { text, at: lineStart(text, at) };
    case "end":
    case "ctrl+e":
      return { text, at: lineEnd(text, at) };
    case "backspace":
      return without(text, before(editor), at);
    case "delete":
      return without(text, at, after(editor));
    case "ctrl+u":
      return without(text, lineStart(text, at), at);
    case "ctrl+k":
      return without(text, at, lineEnd(text, at));
    case "ctrl+w":
      return without(text, wordStart(text, at), at);
    case "up":
      return overLines(editor, -1);
    case "down":
      return overLines(editor, 1);
    default:
      return undefined;
  }
}

function without(text: string, from: number, to: number): Editor {
  return { text: text.slice(0, from) + text.slice(to), at: from };
}

const characters = new Intl.Segmenter();

function before({ text, at }: Editor): number {
  let start = 0;
  // The line's start is always one of a character.
  const from = lineStart(text, Math.max(0, at - 1));
  for (const { index, segment } of characters.segment(text.slice(from, at))) {
    start = from + index;
    if (start + segment.length >= at) break;
  }
  return at === 0 ? 0 : Math.max(0, start);
}

function after({ text, at }: Editor): number {
  const [first] = characters.segment(text.slice(at, at + 64));
  return at + (first?.segment.length ?? 0);
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function wordStart(text: string, at: number): number {
  return at - (/\S*\s*$/.exec(text.slice(lineStart(text, at), at))?.[0].length ?? 0);
}

/** undefined when there is no such line: the key may mean something else there. */
function overLines({ text, at }: Editor, by: 1 | -1): Editor | undefined {
  const start = lineStart(text, at);
  const column = at - start;
  if (by < 0) {
    if (start === 0) return undefined;
    const above = lineStart(text, start - 1);
    return { text, at: Math.min(above + column, start - 1) };
  }
  const end = lineEnd(text, at);
  if (end === text.length) return undefined;
  return { text, at: Math.min(end + 1 + column, lineEnd(text, end + 1)) };
}
