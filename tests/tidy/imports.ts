// Who imports whom. Bun's own import scanner drops `import type`, and a rank rule must not: a type
// ties two folders together as well. Hence patterns over the source without its comments.
import { posix } from "node:path";
import type { Files } from "./files.ts";
import { program } from "./files.ts";
import { lex, lineAt } from "./lexer.ts";

export interface Import {
  from: string;
  line: number;
  /** Path inside the project for a relative import, else the package name as written. */
  to: string;
  isRelative: boolean;
  isType: boolean;
  isLazy: boolean;
}

const statement = /^[ \t]*(?:import|export)\s+(type\s+)?[\w\s{},*$]*?\bfrom\s*(["'])([^"'\n]+)\2/gm;
const bareImport = /^[ \t]*import\s*(["'])([^"'\n]+)\1/gm;
const lazyImport = /\bimport\(\s*(["'])([^"'\n]+)\1/g;

function importsOf(path: string, text: string): Import[] {
  const { code, bare } = lex(text);
  const found: Import[] = [];
  const add = (index: number, specifier: string, isType: boolean, isLazy: boolean): void => {
    // A line of text that only looks like an import is blank in the bare form.
    if (!/import|export/.test(bare.slice(index, index + 60))) return;
    const isRelative = specifier.startsWith(".");
    const to = isRelative ? posix.join(posix.dirname(path), specifier) : specifier;
    const start = index + (code.slice(index).match(/^\s*/)?.[0].length ?? 0);
    found.push({ from: path, line: lineAt(code, start), to, isRelative, isType, isLazy });
  };
  for (const match of code.matchAll(statement)) {
    add(match.index, match[3] ?? "", match[1] !== undefined, false);
  }
  for (const match of code.matchAll(bareImport)) add(match.index, match[2] ?? "", false, false);
  for (const match of code.matchAll(lazyImport)) add(match.index, match[2] ?? "", false, true);
  return found;
}

export function programImports(files: Files): Import[] {
  return program(files).flatMap(([path, text]) => importsOf(path, text));
}

/** Everything reachable from a file, itself included. */
export function reachable(files: Files, start: string, follow: (one: Import) => boolean) {
  const seen = new Set<string>();
  const packages: Import[] = [];
  const visit = (path: string): void => {
    const text = files.get(path);
    if (text === undefined || seen.has(path)) return;
    seen.add(path);
    for (const one of path.endsWith(".ts") ? importsOf(path, text) : []) {
      if (!follow(one)) continue;
      if (one.isRelative) visit(one.to);
      else packages.push(one);
    }
  };
  visit(start);
  return { files: seen, packages };
}
