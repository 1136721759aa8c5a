// What a command line of Codex starts: a session on a terminal, one answer, or one of its own
// commands. From `codex --help` of 0.145.0 and 0.171.0.
import { type OptionGrammar, optionsOf, readCommandLine } from "../command-line.ts";
import type { RunKind } from "../tool.ts";

const commands = new Set([
  ...["a", "agents", "app-server", "apply", "archive", "cloud", "cloud-tasks", "completion"],
  ...["debug", "delete", "doctor", "e", "exec", "exec-server", "execpolicy", "features", "help"],
  ...["login", "logout", "mcp", "mcp-server", "migrate-nfs-db", "migrate-rollouts", "plugin"],
  ...["proto", "queue", "remote-control", "responses-api-proxy", "review", "sandbox"],
  ...["stdio-to-uds", "unarchive", "update"],
]);

const answers = new Set(["--help", "-h", "--version", "-V"]);

const grammar: OptionGrammar = {
  value: [
    ...["-c", "--config", "--enable", "--disable", "--remote", "--remote-auth-token-env"],
    ...["-m", "--model", "--local-provider", "-p", "--profile", "-s", "--sandbox", "-C", "--cd"],
    ...["--add-dir", "-a", "--ask-for-approval", "--thread-source", "--output-schema", "--color"],
    ...["-o", "--output-last-message", "--cyber-access-program", "--base", "--commit", "--title"],
  ],
  optional: [],
  variadic: ["-i", "--image"],
};

export function runKind(args: readonly string[]): RunKind {
  const { options, words } = readCommandLine(args, grammar);
  if (options.some((option) => answers.has(option))) return "plain";
  const [first, second] = words.map(({ word }) => word);
  if (first === undefined || !commands.has(first)) return "interactive";
  if (first !== "exec" && first !== "e") return "plain";
  // A review has no turn that mail could join.
  return second === "help" || second === "review" ? "plain" : "one-shot";
}

/** They choose a session, bring a prompt's pictures, or answer once. */
const ofOneRun = [
  ...["--last", "--all", "--include-non-interactive", "-i", "--image", "--json", "--ephemeral"],
  ...["--output-schema", "-o", "--output-last-message", "--color", "--skip-git-repo-check"],
  ...["--worktree"],
];

export function keptArgs(args: readonly string[]): string[] {
  return optionsOf(args, grammar, ofOneRun);
}

/**
 * `added` where `exec` itself reads it: its own commands (`exec resume`) know fewer options, and so
 * does whatever stands in front of it.
 */
export function behindExec(args: readonly string[], added: readonly string[]): string[] {
  const [exec] = readCommandLine(args, grammar).words;
  const at = (exec?.at ?? -1) + 1;
  return [...args.slice(0, at), ...added, ...args.slice(at)];
}
