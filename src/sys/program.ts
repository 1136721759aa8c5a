// How to start this very program again: the absolute words of a command line.

/** [bun, its flags, main file]. Hooks and wrappers are started with it, independent of PATH. */
export function ownProgram(): string[] {
  return [process.execPath, "--no-env-file", "--config=/dev/null", "--no-install", Bun.main];
}

/** Directory that holds the `hcom` word agents call. */
export function ownBinDir(): string {
  const folder = Bun.main.slice(0, Bun.main.lastIndexOf("/"));
  return `${folder.slice(0, folder.lastIndexOf("/"))}/bin`;
}
