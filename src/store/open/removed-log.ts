// Somebody removed the log beside a database that others have open. SQLite would go on in a new one
// that nobody can read: what it confirmed would be lost. Whoever has it open looks each second,
// writes what it has into the database and lets go; until then nobody new comes in.
import { fs } from "../../sys/fs.ts";
import { holdersOf } from "../../sys/reading/open-files.ts";
import { logRemoved } from "../errors.ts";

const lookEveryMs = 50;

/** Throws when they still have it open at the end of that time. */
export function waitForRemovedLog(path: string, patienceMs: number): void {
  const deadline = performance.now() + patienceMs;
  while (isRemoved(path)) {
    const holders = holdersOf([`${fs().realpathSync(path)}-shm`]);
    // Left behind by a dead process: SQLite begins anew.
    if (holders.length === 0) return;
    if (performance.now() >= deadline) throw logRemoved(path, holders);
    Bun.sleepSync(lookEveryMs);
  }
}

/** The log comes before its index, and goes after it. */
function isRemoved(path: string): boolean {
  const { existsSync } = fs();
  return existsSync(`${path}-shm`) && !existsSync(`${path}-wal`);
}
