// The write-ahead log and its index beside a database: whether the ones that this process has open
// are still the ones at their paths. SQLite looks only at the database itself, writes on into files
// that somebody removed, and takes away whatever lies at their paths when it closes.
import { isSameFileOpen, statFile } from "./files.ts";

const suffixes = ["-wal", "-shm"] as const;

/** Identities by suffix, of those that were seen open. */
export type LogFiles = Map<string, string>;

/** Adds to `known` what is open by now; true when one is gone or another one. */
export function isLogLost(path: string, known: LogFiles): boolean {
  return suffixes.some((suffix) => {
    const there = statFile(path + suffix);
    const before = known.get(suffix);
    if (before !== undefined) return there?.identity !== before;
    if (there === undefined) return false;
    if (!isSameFileOpen(there)) return true;
    known.set(suffix, there.identity);
    return false;
  });
}

/** Closes a connection whose log is lost, so that the log of others at that path stays. */
export function closeBesideOthers(path: string, close: () => void): void {
  const { existsSync, linkSync, rmSync } = process.getBuiltinModule("node:fs");
  // The second is a name by which the directory stays known as ours.
  const [wal, aside] = [`${path}-wal`, `${path}.wal-${process.pid}`];
  const isThere = existsSync(wal);
  if (isThere) linkSync(wal, aside);
  try {
    close();
  } finally {
    // Between the two nobody can have committed anything else there: it takes a moment.
    if (isThere && !existsSync(wal)) linkSync(aside, wal);
    if (isThere) rmSync(aside, { force: true });
  }
}
