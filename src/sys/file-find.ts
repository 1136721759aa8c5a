// Finding files that somebody else wrote.
import { fs } from "./fs.ts";

/** In bytes; undefined when there is no such file. */
export function fileSize(path: string): number | undefined {
  const stat = statOf(path);
  return stat?.isFile() ? stat.size : undefined;
}

/** Is it a regular file in one of these folders, however deep, links followed? */
export function isFileIn(path: string, folders: readonly string[]): boolean {
  const real = realPath(path);
  if (real === undefined || fileSize(real) === undefined) return false;
  return folders.some((folder) => real.startsWith(`${realPath(folder) ?? folder}/`));
}

function realPath(path: string): string | undefined {
  try {
    return fs().realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The file that was written last among those that fit one of the glob patterns in the folder. */
export async function newestMatch(
  folder: string,
  patterns: readonly string[],
): Promise<string | undefined> {
  return (await findFiles(folder, patterns))[0];
}

/** Those that fit one of the glob patterns in the folder, last written first. */
export async function findFiles(folder: string, patterns: readonly string[]): Promise<string[]> {
  const files: { path: string; time: number }[] = [];
  for (const pattern of patterns) {
    try {
      const found = new Bun.Glob(pattern).scan({ cwd: folder, absolute: true, dot: true });
      for await (const path of found) files.push({ path, time: statOf(path)?.mtimeMs ?? 0 });
    } catch {
      // No such folder, or one that we may not look into: then there is nothing of ours.
    }
  }
  return files.toSorted((a, b) => b.time - a.time).map(({ path }) => path);
}

function statOf(path: string): import("node:fs").Stats | undefined {
  try {
    return fs().statSync(path);
  } catch {
    return undefined;
  }
}
