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
 * built, which is another machine's directory once it is installed. `Bun.main` looks for the file,
 * so it is asked when somebody wants to know.
 */
const bundledIn = (): string | undefined => /^(.*)\/dist\/[\w-]+\.js$/.exec(Bun.main)?.[1];
const packageDir = (): string => bundledIn() ?? import.meta.dir.replace(/\/src\/sys$/, "");

/** For hooks, which skip the launcher: [bun, its flags, the bundle that holds hooks alone]. */
export function hookProgram(): string[] {
  const main = `${packageDir()}/${bundledIn() === undefined ? "src/main.ts" : "dist/main.js"}`;
  return [process.execPath, ...bunFlags, main];
}

/** The launcher, by its absolute path; the second word says that no person wrote this line. */
export function ownProgram(): string[] {
  return [`${ownBinDir()}/hcom`, "--program=hcom"];
}

/** What runs a script in TypeScript or JavaScript: [bun, its flags, what runs before it]. */
export function scriptProgram(): string[] {
  const prelude = bundledIn() === undefined ? "src/main-script.ts" : "dist/script.js";
  return [process.execPath, ...bunFlags, "--preload", `${packageDir()}/${prelude}`];
}

/** The module that `import "hcom"` means in such a script. */
export function ownLibrary(): string {
  return `${packageDir()}/${bundledIn() === undefined ? "src/api/library.ts" : "dist/api.mjs"}`;
}

/** What looks through transcripts on a thread of its own. */
export function searchWorker(): string {
  return `${packageDir()}/${bundledIn() === undefined ? "src/main-search.ts" : "dist/search.js"}`;
}

/** Directory of the workflows that come with the program. */
export function ownWorkflows(): string {
  return `${packageDir()}/workflows`;
}

/** Where the library says what it has, for people. */
export function ownDeclarations(): string[] {
  const [folder, ending] = bundledIn() === undefined ? ["src", "ts"] : ["dist/types", "d.ts"];
  const file = (name: string) => `${packageDir()}/${folder}/api/session/${name}.${ending}`;
  return [file("session"), file("shapes")];
}

/** Directory that holds the `hcom` word agents call. */
export function ownBinDir(): string {
  return `${packageDir()}/bin`;
}
