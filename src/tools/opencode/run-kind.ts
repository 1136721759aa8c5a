// What a command line of OpenCode starts: a session on a terminal, one answer, or one of its own
// commands. From `opencode --help` of 1.18.33.
import { type OptionGrammar, optionsOf, readCommandLine } from "../command-line.ts";
import type { RunKind } from "../tool.ts";

/** `attach`, `serve` and `web`: the session lives in another process than ours. */
const commands = new Set([
  ...["completion", "acp", "mcp", "attach", "debug", "providers", "auth", "agent", "upgrade"],
  ...["uninstall", "serve", "web", "models", "stats", "export", "import", "github", "pr"],
  ...["session", "plugin", "plug", "db"],
]);

const answers = new Set(["--help", "-h", "--version", "-v"]);

const grammar: OptionGrammar = {
  value: [
    ...["--log-level", "--port", "--hostname", "--mdns-domain", "--cors", "-m", "--model"],
    ...["-s", "--session", "--prompt", "--agent", "--replay-limit", "--command", "--format"],
    ...["-f", "--file", "--title", "--attach", "--dir", "--variant", "-p", "--password"],
    ...["-u", "--username"],
  ],
  optional: [],
  variadic: [],
};

export function runKind(args: readonly string[]): RunKind {
  const { options, words } = readCommandLine(args, grammar);
  if (options.some((option) => answers.has(option))) return "plain";
  const first = words[0]?.word;
  if (first === undefined) return "interactive";
  if (first === "run") return options.includes("--attach") ? "plain" : "one-shot";
  return commands.has(first) ? "plain" : "interactive";
}

/** They choose a session, bring a prompt, or answer once. */
const ofOneRun = [
  ...["-s", "--session", "-c", "--continue", "--fork", "--prompt", "--format", "-f", "--file"],
  ...["--title", "--command"],
];

export function keptArgs(args: readonly string[]): string[] {
  return optionsOf(args, grammar, ofOneRun);
}

/** Was this option given? */
export function hasOption(args: readonly string[], wanted: readonly string[]): boolean {
  return readCommandLine(args, grammar).options.some((option) => wanted.includes(option));
}
