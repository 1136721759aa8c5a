// The words of a launch that are ours: one table for the parser and for the help. And the global
// flags that may stand in front of any command.

export interface LaunchFlag {
  /** Long name without dashes. */
  name: string;
  /** Name of its value in the help; absent = a switch. */
  value?: string;
  about: string;
}

export const launchFlags: readonly LaunchFlag[] = [
  {
    name: "tag",
    value: "TAG",
    about: "names become TAG-name, and @TAG- reaches all that have it",
  },
  { name: "headless", about: "without a terminal, in the background; look with hcom term" },
  {
    name: "terminal",
    value: "WHERE",
    about: "here, tmux, kitty, xterm ..., print, or a command with {script}",
  },
  { name: "dir", value: "PATH", about: "working directory" },
  { name: "hcom-prompt", value: "TEXT", about: "what it is asked first" },
  {
    name: "hcom-prompt-file",
    value: "PATH",
    about: "the same from a file: no other user of the machine reads it",
  },
  {
    name: "hcom-system-prompt",
    value: "TEXT",
    about: "more instructions, beside its own and hcom's",
  },
  { name: "batch-id", value: "ID", about: "for scripts: one batch, for hcom events launch ID" },
  { name: "as", value: "NAME", about: "take over name and mail of one that has stopped" },
  { name: "run-here", about: "in this terminal, even inside an agent" },
  { name: "no-run-here", about: "for scripts: never in this terminal" },
];

const globalFlags: readonly LaunchFlag[] = [
  { name: "name", value: "NAME", about: "act as this agent" },
  { name: "go", about: "at once: no question (at a terminal), no preview (in an agent)" },
  { name: "json", about: "print JSON" },
];

/** Everything a launch takes out of its arguments, with what the help does not name. */
export const ownFlags: readonly LaunchFlag[] = [
  ...launchFlags,
  { name: "system", value: "TEXT", about: "short for --hcom-system-prompt" },
  { name: "pty", about: "accepted for its age: there is always a wrapper" },
  ...globalFlags,
];

export interface FrontSplit {
  globals: string[];
  words: readonly string[];
}

/** Agents put `--name luna` in front as often as behind: both mean the same. */
export function frontGlobals(argv: readonly string[]): FrontSplit {
  const globals: string[] = [];
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? "";
    const flag = globalFlags.find((one) => isWritten(one, word));
    if (flag === undefined) break;
    globals.push(word);
    if (flag.value !== undefined && !word.includes("=")) globals.push(argv[++at] ?? "");
  }
  return { globals, words: argv.slice(at) };
}

function isWritten(flag: LaunchFlag, word: string): boolean {
  return (
    word === `--${flag.name}` || (flag.value !== undefined && word.startsWith(`--${flag.name}=`))
  );
}
