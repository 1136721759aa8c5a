// No file needs, by whatever kind of import, a file that needs it.
import type { Files } from "./files.ts";
import { programImports } from "./imports.ts";

/** One report for each circle: its files in the order of their imports. */
export function importsRunInNoCircle(files: Files): string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to, isRelative } of programImports(files)) {
    if (isRelative) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  const done = new Set<string>();
  const reports: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) reports.push(`a circle of imports: ${[...way.slice(at), path].join(" -> ")}`);
    if (at >= 0 || done.has(path)) return;
    for (const to of next.get(path) ?? []) visit(to, [...way, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return reports;
}
