// The commands of ours that an agent may run without asking its human: only what cannot run code,
// change settings or drive another agent. Never: stop, kill, launching, `term inject`, writing
// config or hooks. Only what exists: a word that comes later must not be allowed beforehand.

/** Not `channel config`, `import` and `export`: they change how others hear, or write files. */
const safeChannelWords: readonly string[] = [
  "list",
  "create",
  "info",
  "join",
  "leave",
  "wake",
  "send",
  "broadcast",
  "publish",
  "ack",
  "read",
  "history",
  "search",
  "get",
  "subscribe",
  "unsubscribe",
  "subscriptions",
  "stats",
  "log",
];

/** Safe with whatever arguments. */
export const safeCommands: readonly string[] = [
  "send",
  "start",
  "list",
  "events",
  "transcript",
  "bundle",
  "listen",
  "read",
  "status",
  "why",
  "help",
  ...safeChannelWords.map((word) => `channel ${word}`),
];

/** Safe as they stand only: with more words behind them they can write. */
export const safeLines: readonly string[] = [
  "--help",
  "-h",
  "--version",
  "-v",
  "version",
  "config",
  "term",
];

/** What stands behind a safe command: nothing that a shell would make more of. */
const plainWords = String.raw`(?:[\w@.,:=+%/ -]|'[^']*'|"[^"$\x60\\!]*")*`;

/**
 * The lines that need nobody's approval, where a program of ours judges them. Programs with rules
 * of their own get `safeCommands` as beginnings and `safeLines` as whole lines.
 */
export function safeLinePattern(commandWord: string): RegExp {
  const commands = `(?:${safeCommands.join("|")})(?: ${plainWords})?`;
  return new RegExp(`^${commandWord} (?:${commands}|${safeLines.join("|")})$`);
}

/** With what earlier programs of this name installed; recognised for removal only. */
export const formerSafeWords: ReadonlySet<string> = new Set([
  ...safeCommands,
  ...safeLines,
  "archive",
  "relay",
  "relay status",
  "hooks",
  "daemon",
  "--new-terminal",
]);

/** The words by which we are or were called. */
export const commandWords: readonly string[] = ["hcom", "uvx hcom"];
