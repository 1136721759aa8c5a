// Turns this process into another program: same pid, same terminal, same parent, so that signals,
// job control and the exit status need nobody in between. Does not return.

export interface Program {
  /** Absolute path. */
  path: string;
  /** What it is called, and its arguments. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  directory: string;
}

/** Throws where the program cannot be started. */
export function become(program: Program): never {
  const { execve } = process;
  if (execve === undefined) throw new Error("this Bun cannot become another program");
  // Bun ignores these two, and what is ignored stays so in the program; what is caught does not.
  for (const name of ["SIGPIPE", "SIGXFSZ"]) process.on(name, () => {});
  process.chdir(program.directory);
  return execve.call(process, program.path, program.argv, { ...program.env });
}
