// What a command line of Gemini CLI starts: a session on a terminal, one answer, or one of its own
// commands. From `gemini --help` of 0.61.0.
import { type OptionGrammar, optionsOf, readCommandLine } from "../command-line.ts";
import type { RunKind } from "../tool.ts";

const commands = new Set([
  ...["mcp", "extensions", "extension", "skills", "skill", "hooks", "hook", "gemma"],
]);

/** They answer and end, or speak a protocol with another program. */
const elsewhere = new Set([
  ...["--help", "-h", "--version", "-v", "--acp", "--experimental-acp"],
  ...["--list-extensions", "-l", "--list-sessions", "--delete-session"],
]);

const grammar: OptionGrammar = {
  value: [
    ...["-m", "--model", "-p", "--prompt", "-i", "--prompt-interactive", "--approval-mode"],
    ...["--policy", "--admin-policy", "--allowed-mcp-server-names", "--allowed-tools"],
    ...["-e", "--extensions", "-r", "--resume", "--session-file", "--session-id"],
    ...["--delete-session", "--include-directories", "-o", "--output-format"],
  ],
  optional: ["-w", "--worktree"],
  variadic: [],
};

export function runKind(args: readonly string[]): RunKind {
  const { options, words } = readCommandLine(args, grammar);
  if (options.some((option) => elsewhere.has(option))) return "plain";
  if (words[0] !== undefined && commands.has(words[0].word)) return "plain";
  return options.some((option) => option === "-p" || option === "--prompt")
    ? "one-shot"
    : "interactive";
}

/** They choose a session, bring a prompt, or answer once. */
const ofOneRun = [
  ...["-p", "--prompt", "-i", "--prompt-interactive", "-r", "--resume", "--session-file"],
  ...["--session-id", "-o", "--output-format", "-w", "--worktree"],
];

export function keptArgs(args: readonly string[]): string[] {
  return optionsOf(args, grammar, ofOneRun);
}

/** Was this option given? */
export function hasOption(args: readonly string[], wanted: readonly string[]): boolean {
  return readCommandLine(args, grammar).options.some((option) => wanted.includes(option));
}
