// What the checks look at: the project's text files as a map from path to content. A check never
// reads the disk, so a planted violation is a map with one bad file in it.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export type Files = ReadonlyMap<string, string>;
export type Check = (files: Files) => string[];

const untracked = new Set([".git", "node_modules", "dist", ".hcom", "bench/out"]);
const largest = 2_000_000;

export function projectFiles(root: string): Files {
  const files = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (untracked.has(path) || untracked.has(entry.name)) continue;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) readInto(files, root, path);
    }
  };
  visit("");
  return files;
}

function readInto(files: Map<string, string>, root: string, path: string): void {
  if (path.endsWith(".tgz")) return;
  const size = statSync(join(root, path), { throwIfNoEntry: false })?.size;
  if (size === undefined || size > largest) return;
  const text = readFileSync(join(root, path), "utf8");
  if (!text.includes("\0")) files.set(path, text);
}

export function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.startsWith("tests/");
}

export function isFixture(path: string): boolean {
  return path.includes("/fixtures/") || path.includes("/__snapshots__/");
}

/** TypeScript of the program itself. */
export function program(files: Files): [path: string, text: string][] {
  return code(files).filter(([path]) => path.startsWith("src/") && !isTest(path));
}

/** All TypeScript that people write here. */
export function code(files: Files): [path: string, text: string][] {
  return [...files].filter(([path]) => path.endsWith(".ts") && !isFixture(path));
}

/** `src/tools/claude/argv.ts` -> `tools`, `src/main.ts` -> `main`. */
export function partOf(path: string): string {
  const [, first = "", ...deeper] = path.split("/");
  return deeper.length > 0 ? first : first.replace(/\.ts$/, "");
}
