// Completes package-lock.json: `npm run lock` after every change of dependencies.
//
// npm leaves a package for another platform out of the lock when the registry in use does not carry
// it, and then `npm ci` of npm 11 refuses the lock: "Missing: ... from lock file". Version, system
// and processor are in the parent's entry and in the package's name, so they can be filled in.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Entry {
  version?: string;
  license?: string;
  dev?: boolean;
  engines?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  [key: string]: unknown;
}

interface Lock {
  packages: Record<string, Entry>;
  [key: string]: unknown;
}

/** Packages that a lock refers to and does not hold, with the entries they should have. */
export function missingFrom(lock: Lock): [path: string, entry: Entry][] {
  return Object.values(lock.packages).flatMap((parent) =>
    Object.entries(parent.optionalDependencies ?? {})
      .map(([name, version]) => [`node_modules/${name}`, entryOf(name, version, parent)] as const)
      .filter(([path]) => !Object.hasOwn(lock.packages, path))
      .map(([path, entry]): [string, Entry] => [path, entry]),
  );
}

/** `@biomejs/cli-linux-x64-musl`, `@oxc-parser/binding-linux-arm-gnueabihf` */
function entryOf(name: string, version: string, parent: Entry): Entry {
  const [os = "", cpu = "", libc = ""] = name.replace(/^.*\/(?:\w+-)?(?=\w+-)/, "").split("-");
  const entry: Entry = { version, cpu: [cpu] };
  if (parent.dev === true) entry.dev = true;
  if (libc.startsWith("musl")) entry["libc"] = ["musl"];
  if (libc.startsWith("gnu")) entry["libc"] = ["glibc"];
  if (parent.license !== undefined) entry.license = parent.license;
  entry["optional"] = true;
  entry["os"] = [os];
  if (parent.engines !== undefined) entry.engines = parent.engines;
  return entry;
}

function complete(path: string): void {
  const lock: Lock = JSON.parse(readFileSync(path, "utf8"));
  const missing = missingFrom(lock);
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
  lock.packages = Object.fromEntries(packages.sort(([a], [b]) => a.localeCompare(b, "en")));
  if (missing.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${missing.length} packages of other platforms added`);
}

if (import.meta.main) complete(join(import.meta.dir, "..", "package-lock.json"));
