// Words of others where a terminal, an agent or a script reads them. Everything that a door of ours
// prints goes through one of the functions for readers; nothing that was stored or that another
// program wrote can steer a terminal or turn the direction of writing. What a text for agents must
// not begin is in `mail/inert.ts`.

/** Without what could steer a terminal. Tabs and ends of lines stay. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)/g, "\ufffd");
}

// Tab, newline and carriage return are text; the others could steer a terminal.
const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f]/;

/** The first character of a text of ours that has no business there, in words. */
export function controlCharacter(text: string): string | undefined {
  const found = control.exec(text);
  if (found === null) return undefined;
  const code = text.charCodeAt(found.index).toString(16).toUpperCase().padStart(4, "0");
  return `the control character U+${code} at position ${found.index + 1}`;
}

/** Breaks the line or turns the direction: line and paragraph separator, embeddings, isolates. */
const turning = /[\u2028-\u202e\u2066-\u2069]/g;

/** Direction marks: harmless in a word of Hebrew, a trick in a name. They take no room. */
const marks = /[\u061c\u200e\u200f]/g;

/** Colours, movements of the cursor, titles, links: as a whole, so that no half of one is left. */
const sequence = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))/g;

const suspicious = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** What stands on a line with words of ours stays on it, with everything else as it is. */
export function withinLine(text: string): string {
  return text.replace(/[\n\r\v\f\x85\u2028\u2029]+/g, "\ufffd");
}

/** Text for people: sequences are taken out, what else steers becomes visible. */
export function forPeople(text: string): string {
  if (!suspicious.test(text)) return text;
  return printable(text.replace(sequence, "")).replace(turning, "\ufffd").replace(marks, "");
}

/** JSON for scripts: the same value, with every character that steers in its escaped form. */
export function forScripts(value: unknown, indent?: number): string {
  return (JSON.stringify(value, null, indent) ?? "null").replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same for models: it begins no tag and no marker of a session, and has the same value. */
export function forAgents(value: unknown, indent?: number): string {
  return forScripts(value, indent)
    .replaceAll("<", "\\u003c")
    .replace(/\[(?=hcom:|HCOM:BIND:)/g, "\\u005b");
}
