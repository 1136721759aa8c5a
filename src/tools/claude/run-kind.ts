// What a command line of Claude Code starts: a session on a terminal, one answer, or one of its own
// commands. From `claude --help` of 2.1.216 and 2.1.332.
import { type OptionGrammar, optionsOf, readCommandLine } from "../command-line.ts";
import type { RunKind } from "../tool.ts";

const commands = new Set([
  ...["agents", "attach", "auth", "auto-mode", "config", "daemon", "doctor", "gateway", "help"],
  ...["import", "install", "kill", "logs", "mcp", "migrate-installer", "plugin", "plugins"],
  ...["project", "purge", "remote-control", "respawn", "rm", "server", "setup-token", "stop"],
  ...["ultrareview", "update", "upgrade"],
]);

/** They answer and end, or hand the session to a process, a device or a place that is not ours. */
const elsewhere = new Set([
  ...["--help", "-h", "--version", "-v"],
  ...["--background", "--bg", "--cloud", "--desktop", "--environment"],
]);

const grammar: OptionGrammar = {
  value: [
    ...["--agent", "--agents", "--append-system-prompt", "--append-system-prompt-file"],
    ...["--autocompact", "--debug-file", "--effort", "--environment", "--fallback-model"],
    ...["--input-format", "--json-schema", "--max-budget-usd", "--max-turns", "--model", "--name"],
    ...["-n", "--output-format", "--permission-mode", "--permission-prompt-tool"],
    ...["--permission-prompts", "--plugin-dir", "--plugin-url", "--session-id"],
    ...["--remote-control-session-name-prefix", "--setting-sources", "--settings"],
    ...["--system-prompt", "--system-prompt-file", "--system-prompt-snapshot"],
  ],
  optional: [
    ...["--cloud", "--debug", "-d", "--from-pr", "--prompt-suggestions", "--remote-control"],
    ...["--resume", "-r", "--teleport", "--worktree", "-w"],
  ],
  variadic: [
    ...["--add-dir", "--allowedTools", "--allowed-tools", "--betas", "--disallowedTools"],
    ...["--disallowed-tools", "--file", "--mcp-config", "--tools"],
  ],
};

export function runKind(args: readonly string[]): RunKind {
  const { options, words } = readCommandLine(args, grammar);
  if (options.some((option) => elsewhere.has(option))) return "plain";
  if (words[0] !== undefined && commands.has(words[0].word)) return "plain";
  return options.some(isPrint) ? "one-shot" : "interactive";
}

/** They choose a session, a place for it, or a way to answer once. */
const ofOneRun = [
  ...["--resume", "-r", "--continue", "-c", "--fork-session", "--session-id", "--from-pr"],
  ...["--teleport", "--worktree", "-w", "--tmux", "--print", "-p", "-cp", "-pc"],
  ...["--output-format", "--input-format", "--include-partial-messages", "--replay-user-messages"],
  ...["--json-schema", "--max-turns", "--max-budget-usd", "--no-session-persistence"],
];

export function keptArgs(args: readonly string[]): string[] {
  return optionsOf(args, grammar, ofOneRun);
}

/** Switches of one letter may be written together: `-cp`. */
function isPrint(option: string): boolean {
  return option === "--print" || /^-c*p[cp]*$/.test(option);
}
