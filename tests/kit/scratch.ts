// Where tests keep what is gone with them: in memory, where the machine has room there. A log that
// is made and synced to a disk a thousand times would have every test wait for the disk.
import { mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

/** Containers often have 64 MB of it. */
const leastBytes = 1 << 30;
const inMemory = "/dev/shm";

/** A new folder for files that nobody starts: programs do not run in memory everywhere. */
export function scratch(prefix: string): string {
  return mkdtempSync(`${hasRoom() ? inMemory : tmpdir()}/${prefix}`);
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize > leastBytes;
  } catch {
    return false;
  }
}
