// Claude Code's watch on single files (`watchPaths`, FileChanged): the file need not exist.
import { statSync } from "node:fs";

const lookEveryMs = 100;

export type FileEvent = "add" | "change";

/** Calls `onChange` for every change until the process ends. */
export function watchPaths(
  paths: readonly string[],
  onChange: (path: string, event: FileEvent) => void,
): void {
  const stamps = new Map(paths.map((path) => [path, stampOf(path)]));
  setInterval(() => {
    for (const [path, before] of stamps) {
      const now = stampOf(path);
      if (now === before) continue;
      stamps.set(path, now);
      if (now !== undefined) onChange(path, before === undefined ? "add" : "change");
    }
  }, lookEveryMs);
}

function stampOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}
