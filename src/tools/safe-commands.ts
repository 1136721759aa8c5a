// The commands of ours that an agent may run without asking its human: only what cannot run code,
// change settings or drive another agent. Never: stop, kill, run, reset, launching, `term inject`,
// writing config, relay or hooks.

/** Safe with whatever arguments. */
export const safeCommands: readonly string[] = [
  "send",
  "start",
  "list",
  "events",
  "listen",
  "read",
  "transcript",
  "archive",
  "status",
  "why",
  "help",
];

/** Safe as they stand only: with more words behind them they can write. */
export const safeLines: readonly string[] = [
  "--help",
  "-h",
  "--version",
  "-v",
  "config",
  "relay",
  "relay status",
  "term",
];

/** Installed by earlier programs of this name; recognised for removal only. */
export const formerSafeWords: ReadonlySet<string> = new Set([
  ...safeCommands,
  ...safeLines,
  "bundle",
  "hooks",
  "daemon",
  "--new-terminal",
]);

/** The words by which we are or were called. */
export const commandWords: readonly string[] = ["hcom", "uvx hcom"];
