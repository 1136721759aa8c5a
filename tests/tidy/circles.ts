// No file needs, by whatever kind of import, a file that needs it; and no folder another one beside
// it that needs it.
import type { Files } from "./files.ts";
import { programImports } from "./imports.ts";

type Arrows = Map<string, Set<string>>;

/** One report for each circle: its files in the order of their imports. */
export function importsRunInNoCircle(files: Files): string[] {
  const next: Arrows = new Map();
  for (const { from, to, isRelative } of programImports(files)) {
    if (isRelative) draw(next, from, to);
  }
  return circlesOf(next);
}

/** Between folders of one folder; a folder and those in it are one room. */
export function foldersRunInNoCircle(files: Files): string[] {
  const next: Arrows = new Map();
  for (const { from, to, isRelative } of programImports(files)) {
    if (!isRelative) continue;
    const [ways, others] = [from.split("/").slice(0, -1), to.split("/").slice(0, -1)];
    const at = ways.findIndex((part, n) => part !== others[n]);
    if (at < 0 || at >= others.length) continue;
    draw(next, ways.slice(0, at + 1).join("/"), others.slice(0, at + 1).join("/"));
  }
  return circlesOf(next);
}

function draw(next: Arrows, from: string, to: string): void {
  next.set(from, (next.get(from) ?? new Set()).add(to));
}

function circlesOf(next: Arrows): string[] {
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
