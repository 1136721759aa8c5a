// What Claude Code puts around words that somebody else than its human sent it. Recorded from
// Claude Code 2.1.329; 2.1.216 does the same.

/** The words inside; a prompt in no frame of Claude's comes back as it is. */
export function wordsOf(prompt: string): string {
  let words = prompt.trim();
  for (const frame of frames) words = frame(words).trim();
  return words;
}

/** From the outermost inwards; each leaves a text alone that does not begin with it. */
const frames: readonly ((text: string) => string)[] = [
  // The end of a background task comes first, what it said in a reminder behind it.
  (text) => text.replace(/^<task-notification>[\s\S]*?<\/task-notification>\s*(?=<system-rem)/, ""),
  // A message in the middle of a turn.
  (text) => between(text, /^<system-reminder>/, "</system-reminder>"),
  backgroundWords,
  // A prompt of a plugin: our module's (2.1.332).
  (text) => between(text, /^The [\w-]+ plugin sent a message:\s/, ""),
  (text) => text.replace(/\n\nThis is how Claude Code surfaces a prompt a plugin[^<>]*$/, ""),
  (text) => between(text, /^Another Claude session sent a message[^\n<>]*:\s/, ""),
  // The paragraph of advice that follows a peer's words.
  (text) => text.replace(/\nThis came from another Claude session[^<>]*$/, ""),
  (text) => between(text, /^<cross-session-message\b[^>]*>/, "</cross-session-message>"),
];

function between(text: string, opening: RegExp, closing: string): string {
  const head = opening.exec(text)?.[0];
  if (head === undefined) return text;
  const inside = text.slice(head.length).trimEnd();
  return closing !== "" && inside.endsWith(closing) ? inside.slice(0, -closing.length) : inside;
}

/** `Stop hook blocking error from command "FileChanged": <standard error of our bell>`. */
function backgroundWords(text: string): string {
  const lead =
    /^(?:\[SYSTEM NOTIFICATION[^\n]*\n)?[^\n]{0,60}blocking error from command[^\n]*?: /i;
  const words = between(text, lead, "");
  return words === text ? text : words.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
}
