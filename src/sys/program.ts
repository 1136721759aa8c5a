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

/**
 * The package, by the file that was started. Of a bundle `import.meta.dir` would tell where it was
 * built, which is another machine's directory once it is installed.
 */
const [, bundledIn] = /^(.*)\/dist\/[\w-]+\.js$/.exec(Bun.main) ?? [];
const packageDir = bundledIn ?? import.meta.dir.replace(/\/src\/sys$/, "");

/** For hooks, which skip the launcher: [bun, its flags, the bundle that holds hooks alone]. */
export function hookProgram(): string[] {
  const main = `${packageDir}/${bundledIn === undefined ? "src/main.ts" : "dist/main.js"}`;
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
