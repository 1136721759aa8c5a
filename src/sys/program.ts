// How to start this very program again: the absolute words of a command line.

/**
 * What Bun must not read for us: files of the directory it is started in. It looks for its
 * configuration below the root directory all the same, so it is also started there (`bin/hcom`,
 * `tools/hook-command.ts`) and goes back by itself (`sys/caller.ts`).
 */
const bunFlags = [
  "--no-env-file",
  "--config=/dev/null",
  "--no-install",
  "--tsconfig-override=/dev/null",
] as const;

/** The package: this file is bundled into one in `dist/`, or runs from `src/sys/`. */
const packageDir = import.meta.dir.replace(/\/(?:dist|src\/sys)$/, "");
const isBuilt = import.meta.dir.endsWith("/dist");

/** For hooks, which skip the launcher: [bun, its flags, the bundle that holds hooks alone]. */
export function hookProgram(): string[] {
  const main = `${packageDir}/${isBuilt ? "dist/main.js" : "src/main.ts"}`;
  return [process.execPath, ...bunFlags, main];
}

/** The launcher, by its absolute path; the second word says that no person wrote this line. */
export function ownProgram(): string[] {
  return [`${ownBinDir()}/hcom`, "--program=hcom"];
}

/** Directory that holds the `hcom` word agents call. */
export function ownBinDir(): string {
  return `${packageDir}/bin`;
}
