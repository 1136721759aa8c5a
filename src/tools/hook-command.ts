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
 * Bun is started in the root directory, where nobody but the system's owner can put files that it
 * would run or complain about; `sys/caller.ts` goes back. Variables that make it run or open other
 * files are taken away (Bun 1.4; an empty one is an error). Only fish does not know `unset`.
 */
const apart = [
  `export HCOM_CALLER_PWD="$PWD"; cd /;`,
  "unset BUN_OPTIONS BUN_INSPECT BUN_INSPECT_PRELOAD BUN_INSPECT_CONNECT_TO NODE_COMPILE_CACHE",
  `NODE_CHANNEL_FD 2>/dev/null; ${interpreted}`,
].join(" ");

/**
 * Runs our program with the hook's name, or ends silently with 0 once the program is gone: an
 * uninstalled hcom must not make noise in every session.
 */
export function hookCommand(program: readonly string[], hook: string): string {
  return commandLine(program, hook, apart);
}

function commandLine(program: readonly string[], hook: string, before: string): string {
  const files = program.filter((word) => word.startsWith("/"));
  const guard = files.map((file) => `[ -e ${shellQuote(file)} ]`).join(" && ");
  const run = `${before}exec ${shellJoin([...program, hook])}`;
  return guard === "" ? run : `${guard} || exit 0; ${run}`;
}

/** What stands between the guard and our program's words; all but the first are older versions'. */
const forms = [apart, interpreted, ""];

/** The hook's name when `command` is one that `hookCommand` wrote, for whatever program. */
export function hookOfCommand(command: string): string | undefined {
  return readHookCommand(command)?.hook;
}

/** What such a command runs. */
export function readHookCommand(
  command: string,
): { hook: string; program: readonly string[] } | undefined {
  for (const before of forms) {
    const start = ` || exit 0; ${before}exec `;
    const at = command.indexOf(start);
    const words = at < 0 ? undefined : shellSplit(command.slice(at + start.length));
    const hook = words?.pop();
    if (words === undefined || hook === undefined) continue;
    if (commandLine(words, hook, before) === command) return { hook, program: words };
  }
  return undefined;
}
