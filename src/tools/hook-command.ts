// The command line that we install into other programs for one hook, and the test whether a command
// line is one of ours. Ownership is exact: only what we would write ourselves is recognised.
import { shellJoin, shellQuote, shellSplit } from "./shell-quote.ts";

/**
 * A hook is over before a just-in-time compiler would pay: without one the process touches a
 * sixth less memory and ends half a millisecond earlier (Bun 1.4). A hook starts no programs that
 * could inherit this.
 */
const interpreted = "BUN_JSC_useJIT=0 ";

/**
 * Runs our program with the hook's name, or ends silently with 0 once the program is gone: an
 * uninstalled hcom must not make noise in every session.
 */
export function hookCommand(program: readonly string[], hook: string): string {
  return commandLine(program, hook, interpreted);
}

function commandLine(program: readonly string[], hook: string, variables: string): string {
  const files = program.filter((word) => word.startsWith("/"));
  const guard = files.map((file) => `[ -e ${shellQuote(file)} ]`).join(" && ");
  const run = `${variables}exec ${shellJoin([...program, hook])}`;
  return guard === "" ? run : `${guard} || exit 0; ${run}`;
}

/** What stands between the guard and our program's words; the second is that of older versions. */
const forms = [interpreted, ""];

/** The hook's name when `command` is one that `hookCommand` wrote, for whatever program. */
export function hookOfCommand(command: string): string | undefined {
  for (const variables of forms) {
    const start = ` || exit 0; ${variables}exec `;
    const at = command.indexOf(start);
    const words = at < 0 ? undefined : shellSplit(command.slice(at + start.length));
    const hook = words?.pop();
    if (words === undefined || hook === undefined) continue;
    if (commandLine(words, hook, variables) === command) return hook;
  }
  return undefined;
}
