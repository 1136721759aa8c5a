// The `-c key=value` flags among Codex's arguments: which the user gave, and ours put in.

/** Flags with a value that change what Codex's settings are. */
const valued: ReadonlySet<string> = new Set(["-c", "--config", "--enable", "--disable"]);

/** Those of the user's flags that the app-server takes, too. */
export function configFlagsIn(args: readonly string[]): string[] {
  const flags: string[] = [];
  for (let at = 0; at < args.length && args[at] !== "--"; at++) {
    const arg = args[at] ?? "";
    const value = args[at + 1];
    if (valued.has(arg) && value !== undefined) flags.push(arg, args[++at] ?? value);
    else if (/^(--config=|--enable=|--disable=|-c.)/s.test(arg)) flags.push(arg);
  }
  return flags;
}

/** The value that `-c key=` has last, as text. */
export function givenValue(args: readonly string[], key: string): string | undefined {
  let found: string | undefined;
  const flags = configFlagsIn(args);
  for (const [at, flag] of flags.entries()) {
    const isPair = flag === "-c" || flag === "--config";
    const setting = isPair ? flags[at + 1] : /^(?:--config=|-c)(.+)$/s.exec(flag)?.[1];
    const [name, value] = /^\s*([^=]+?)\s*=(.*)$/s.exec(setting ?? "")?.slice(1) ?? [];
    if (name === key) found = value;
  }
  return found;
}

/** The value of a flag with an argument, in any of its spellings; the last one counts. */
export function flagValue(args: readonly string[], names: readonly string[]): string | undefined {
  let found: string | undefined;
  for (let at = 0; at < args.length && args[at] !== "--"; at++) {
    const arg = args[at] ?? "";
    if (names.includes(arg)) found = args[at + 1];
    const long = names.find((name) => name.startsWith("--") && arg.startsWith(`${name}=`));
    const short = names.find((name) => /^-\w$/.test(name) && arg.startsWith(name) && arg !== name);
    if (long !== undefined) found = arg.slice(long.length + 1);
    else if (short !== undefined && !arg.startsWith("--")) found = arg.slice(2).replace(/^=/, "");
  }
  return found;
}

export function hasFlag(args: readonly string[], names: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? undefined : end).some((arg) => names.includes(arg));
}
