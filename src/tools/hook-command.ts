// The command line that we install into other programs for one hook, and the test whether a command
// line is one of ours. Ownership is exact: only what we would write ourselves is recognised.
import { shellJoin, shellQuote, shellSplit } from "./shell-quote.ts";

/**
 * Runs our program with the hook's name, or ends silently with 0 once the program is gone: an
 * uninstalled hcom must not make noise in every session.
 */
export function hookCommand(program: readonly string[], hook: string): string {
  const files = program.filter((word) => word.startsWith("/"));
  const guard = files.map((file) => `[ -e ${shellQuote(file)} ]`).join(" && ");
  const run = `exec ${shellJoin([...program, hook])}`;
  return guard === "" ? run : `${guard} || exit 0; ${run}`;
}

/** The hook's name when `command` is one that `hookCommand` wrote, for whatever program. */
export function hookOfCommand(command: string): string | undefined {
  const at = command.indexOf(" || exit 0; exec ");
  if (at < 0) return undefined;
  const words = shellSplit(command.slice(at + " || exit 0; exec ".length));
  const hook = words?.pop();
  if (words === undefined || hook === undefined) return undefined;
  return hookCommand(words, hook) === command ? hook : undefined;
}
