// How to start this very program again: the absolute words of a command line.

/**
 * [bun, its flags, main file]. Hooks and wrappers are started with it, independent of PATH. The
 * launcher starts another bundle of the same program, which hooks would load for nothing.
 */
export function ownProgram(): string[] {
  const main = Bun.main.replace(/\/hcom\.js$/, "/main.js");
  return [process.execPath, "--no-env-file", "--config=/dev/null", "--no-install", main];
}

/** Directory that holds the `hcom` word agents call. */
export function ownBinDir(): string {
  const folder = Bun.main.slice(0, Bun.main.lastIndexOf("/"));
  return `${folder.slice(0, folder.lastIndexOf("/"))}/bin`;
}
