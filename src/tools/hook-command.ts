// The command line that we install into other programs for one hook, and the test whether a command
// line is one of ours. Ownership is exact: only what we would write ourselves is recognised.
import { gateIn } from "../core/hook-gate.ts";
import { shellJoin, shellQuote, shellSplit } from "./shell-quote.ts";

/**
 * A hook is over before a just-in-time compiler would pay: without one the process touches a
 * sixth less memory and ends half a millisecond earlier (Bun 1.4). A hook starts no programs that
 * could inherit this.
 */
const interpreted = "BUN_JSC_useJIT=0 ";

/**
 * Variables that steer the runtime itself: what makes it run or open other files, change its
 * engine or talk (Bun 1.4; mimalloc reads its names in any case). `bin/hcom` has the same.
 */
const runtimeNames =
  "BUN_*|WTF_*|[Mm][Ii][Mm][Aa][Ll][Ll][Oo][Cc]_*|NODE_COMPILE_CACHE|NODE_CHANNEL_FD";

/**
 * Keeps them for the agents that we start (`sys/caller.ts`) and takes them away. A shell has no
 * pattern for names: bash knows those that begin with a letter, every other lists all it has, which
 * costs a process. A word of a value that looks like a name is one that is not set. A shell that
 * can start no process ends with 2, which would block the agent: the trap has the last word.
 */
const takeAway = [
  String.raw`s=0; trap "exit \$s" 0;`,
  'set -o noglob; IFS="$IFS="; if [ "$BASH_VERSION" ] && command -v shopt >/dev/null; then',
  String.raw`eval "set -- \${!B@} \${!W@} \${!M@} \${!m@} \${!N@}"; else set -- $(export -p); fi;`,
  `for v; do case $v in *[!A-Za-z0-9_]*) ;; ${runtimeNames})`,
  String.raw`eval "[ -z \"\${$v+x}\" ] || export HCOM_CALLER_$v=\"\$$v\"; unset $v";; esac; done`,
].join(" ");

/** The same for fish, which has another language. */
const takeAwayInFish = [
  'for v in (set -nx | string match -r "^(?:(?:BUN|WTF|(?i:mimalloc))_.*|',
  String.raw`NODE_COMPILE_CACHE|NODE_CHANNEL_FD)\$");`,
  " set -gx HCOM_CALLER_$v $$v; set -e $v; end; true",
].join("");

/** In fish a backslash escapes one between single quotes, too; elsewhere those are two. */
const byShell = String.raw`[ '\\' = \\ ] && eval '${takeAwayInFish}' || eval '${takeAway}'`;

/**
 * Bun is started in the root directory, where nobody but the system's owner can put files that it
 * would run or complain about; `sys/caller.ts` goes back.
 */
const apart = `export HCOM_CALLER_PWD="$PWD"; cd /; ${byShell}; ${interpreted}`;

/** Earlier lines took away those that name code or files. */
const formerApart = [
  `export HCOM_CALLER_PWD="$PWD"; cd /;`,
  "unset BUN_OPTIONS BUN_INSPECT BUN_INSPECT_PRELOAD BUN_INSPECT_CONNECT_TO NODE_COMPILE_CACHE",
  `NODE_CHANNEL_FD 2>/dev/null; ${interpreted}`,
].join(" ");

/**
 * What the shell makes of our program's end: one that is cut off or not ours ends with whatever it
 * likes, and that is no error of the agent's. Tools that may be blocked by 2 run their hooks in a
 * POSIX shell; the line that lets only 0 through is one for any shell. `any` leaves no shell in
 * between: who waits is ended by a signal, which it would not pass on.
 */
const endings = {
  any: "",
  "0 or 2": "; s=$?; [ $s = 2 ] || s=0; exit $s",
  "0": " || exit 0",
} as const;

export interface HookManner {
  /** Ends the hook before we are started, see `core/hook-gate.ts`. */
  gate?: string;
  ends?: keyof typeof endings;
}

/**
 * Runs our program with the hook's name, or ends silently with 0 once the program is gone: an
 * uninstalled hcom must not make noise in every session.
 */
export function hookCommand(
  program: readonly string[],
  hook: string,
  { gate = "", ends = "any" }: HookManner = {},
): string {
  return commandLine(program, hook, formOf(`${gate}${apart}`, ends));
}

interface Form {
  before: string;
  after: string;
}

function formOf(before: string, ends: keyof typeof endings = "any"): Form {
  return { before: ends === "any" ? `${before}exec ` : before, after: endings[ends] };
}

function commandLine(program: readonly string[], hook: string, { before, after }: Form): string {
  const files = program.filter((word) => word.startsWith("/"));
  const guard = files.map((file) => `[ -e ${shellQuote(file)} ]`).join(" && ");
  const run = `${before}${shellJoin([...program, hook])}${after}`;
  return guard === "" ? run : `${guard} || exit 0; ${run}`;
}

/** What stands around our program's words, now and in lines of older versions. */
function formsOf(command: string): Form[] {
  const gate = gateIn(command);
  return [
    ...[apart, formerApart].flatMap((before) =>
      (["0 or 2", "0"] as const).map((ends) => formOf(`${gate}${before}`, ends)),
    ),
    ...[apart, formerApart, interpreted, ""].map((before) => formOf(before)),
  ];
}

/** The hook's name when `command` is one that `hookCommand` wrote, for whatever program. */
export function hookOfCommand(command: string): string | undefined {
  return readHookCommand(command)?.hook;
}

/** What such a command runs. */
export function readHookCommand(
  command: string,
): { hook: string; program: readonly string[] } | undefined {
  for (const form of formsOf(command)) {
    const start = ` || exit 0; ${form.before}`;
    const at = command.indexOf(start);
    if (at < 0 || !command.endsWith(form.after)) continue;
    const words = shellSplit(command.slice(at + start.length, command.length - form.after.length));
    const hook = words?.pop();
    if (words === undefined || hook === undefined) continue;
    if (commandLine(words, hook, form) === command) return { hook, program: words };
  }
  return undefined;
}

/** How lines of earlier programs name it: by a variable, as `${HCOM:-hcom}`, or by its word. */
const formerProgram =
  /\$\{HCOM(?::-(?:uvx )?hcom)?\}|\$HCOM(?!\w)|%HCOM%|(?<![\w./=-])(?:uvx )?hcom(?![\w./-])/.source;

/** Where it was put into a variable, or became the arguments of the line itself. */
const kept = new RegExp(`\\b(\\w+)=["']?(?:${formerProgram})["']?(?=[;\\s])`);
const becomesArguments = new RegExp(`\\bset -- ["']?(?:${formerProgram}|\\$\\w+)`);

/** All that may stand around it: the test whether the program is there, and nothing that works. */
const guardWords = new RegExp(
  [
    new RegExp(formerProgram),
    /\b(?:sh -c|command -v|uvx|exec|exit 0|set --|true)(?![\w-])/,
    />\s*\/dev\/null|2>&1|\b\w+=|\$\{\w+%{0,2} ?\*?\}|\$\w+|\$@|-n\b|[\s"'[\];|&]/,
  ]
    .map((one) => one.source)
    .join("|"),
  "g",
);

/**
 * The hook that an earlier program of this name installed with this line: `hcom post`, the same
 * through a variable, bare or behind a test whether the program is there. Its name must be what the
 * program is called with: `notify hcom` is somebody else's.
 */
export function formerHookOf(command: string, hooks: readonly string[]): string | undefined {
  const variable = kept.exec(command)?.[1];
  const called = [
    formerProgram,
    ...(variable === undefined ? [] : [`\\$\\{?${variable}\\}?`]),
    ...(becomesArguments.test(command) ? ["\\$@"] : []),
  ].join("|");
  const found = hooks.find((hook) =>
    new RegExp(`(?:^|[\\s;&|"'])["']?(?:${called})["']? +${hook}(?![\\w-])`).test(command),
  );
  if (found === undefined) return undefined;
  return command.replace(found, "").replace(guardWords, "") === "" ? found : undefined;
}
