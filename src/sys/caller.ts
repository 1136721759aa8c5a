// The caller's surroundings. Our runtime is started in the root directory and without the variables
// that steer it (`bin/hcom`, `tools/hook-command.ts`), because it runs what it finds there with our
// rights. Here a program of ours goes back to where it was called, before anything else happens.

/** Where the caller stood, and its OLDPWD; the launcher and our hook lines set them. */
const callerDirectory = "HCOM_CALLER_PWD";
const callerOldDirectory = "HCOM_CALLER_OLDPWD";

/**
 * Variables that steer the runtime (a preloaded file, a debugger, a cache, its engine) are kept
 * under this prefix, because the agents that we start may want them.
 */
const kept = "HCOM_CALLER_";

/** As `tools/hook-command.ts` and `bin/hcom` have them. */
const steering = /^(?:(?:BUN|WTF|(?i:mimalloc))_|NODE_COMPILE_CACHE$|NODE_CHANNEL_FD$)/;

type Env = Record<string, string | undefined>;

/**
 * To be called once, first of all; the library does not, it lives in somebody else's process.
 * Returns the caller's directory, also one that is gone (agents remove worktrees that they stand
 * in); undefined when nobody told it.
 */
export function returnToCaller(env: Env = process.env): string | undefined {
  const directory = env[callerDirectory];
  if (directory === undefined) return undefined;
  delete env[callerDirectory];
  // The shell that went to the root directory has told everybody below it so.
  set(env, "PWD", directory);
  set(env, "OLDPWD", env[callerOldDirectory]);
  delete env[callerOldDirectory];
  for (const name of Object.keys(env).filter((one) => one.startsWith(kept))) {
    set(env, name.slice(kept.length), env[name]);
    delete env[name];
  }
  try {
    process.chdir(directory);
    return process.cwd();
  } catch {
    return directory;
  }
}

/** What `returnToCaller` undoes, for a program that is started on our runtime without a shell. */
export function apart(env: Readonly<Env>, directory: string): Env {
  const keep = (name: string) => (steering.test(name) ? `${kept}${name}` : name);
  return {
    ...Object.fromEntries(Object.entries(env).map(([name, value]) => [keep(name), value])),
    [callerDirectory]: directory,
    [callerOldDirectory]: env["OLDPWD"],
  };
}

function set(env: Env, name: string, value: string | undefined): void {
  if (value === undefined || value === "") delete env[name];
  else env[name] = value;
}
