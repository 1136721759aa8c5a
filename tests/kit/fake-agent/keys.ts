// What arrives from the keyboard, as a terminal program in raw mode reads it. A chunk that holds
// more than one key is a paste for Claude Code 2.1, and an Enter inside it is a line break.

export type Key =
  | { kind: "text"; text: string }
  | { kind: "enter" | "backspace" | "escape" | "interrupt" | "end" | "kill-line" | "suspend" };

const pasteStart = "\x1b[200~";
const pasteEnd = "\x1b[201~";

/** Bytes come in any pieces: a paste that has begun is kept until its end has come. */
export function keyReader(): (chunk: string) => Key[] {
  let pending = "";
  return (chunk) => {
    const keys: Key[] = [];
    let rest = pending + chunk;
    pending = "";
    while (rest !== "") {
      const start = rest.indexOf(pasteStart);
      keys.push(...plainKeys(start < 0 ? rest : rest.slice(0, start)));
      if (start < 0) break;
      const end = rest.indexOf(pasteEnd, start);
      if (end < 0) {
        pending = rest.slice(start);
        break;
      }
      const pasted = rest.slice(start + pasteStart.length, end);
      keys.push({ kind: "text", text: pasted.replace(/\r\n?/g, "\n") });
      rest = rest.slice(end + pasteEnd.length);
    }
    return keys;
  };
}

const escapeSequence =
  /^\x1b(?:\[[0-9;?<=>]*[ -/]*[@-~]|[O][@-~]|[\]P_][^\x07\x1b]*(?:\x07|\x1b\\))/;

function plainKeys(text: string): Key[] {
  const keys: Key[] = [];
  // Enter alone is Enter; behind other characters of the same chunk it is part of a paste.
  const isBurst = text.replace(/[\x00-\x1f\x7f]/g, "").length > 1;
  for (let rest = text; rest !== ""; ) {
    const sequence = escapeSequence.exec(rest)?.[0];
    if (sequence !== undefined) {
      rest = rest.slice(sequence.length);
      continue;
    }
    const [char = ""] = rest;
    rest = rest.slice(char.length);
    const key = keyOf(char, isBurst);
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

function keyOf(char: string, isBurst: boolean): Key | undefined {
  if (char === "\r") return isBurst ? { kind: "text", text: "\n" } : { kind: "enter" };
  if (char === "\n") return { kind: "text", text: "\n" };
  if (char === "\x7f" || char === "\b") return { kind: "backspace" };
  if (char === "\x1b") return { kind: "escape" };
  if (char === "\x03") return { kind: "interrupt" };
  if (char === "\x04") return { kind: "end" };
  if (char === "\x1a") return { kind: "suspend" };
  if (char === "\x15") return { kind: "kill-line" };
  return char >= " " ? { kind: "text", text: char } : undefined;
}
