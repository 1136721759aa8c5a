// Where tests keep what is gone with them: in memory, where the machine has room there. A log that
// is made and synced to a disk a thousand times would have every test wait for the disk.
import { mkdtempSync, readFileSync, statfsSync } from "node:fs";

/** Containers often have 64 MB of it. */
const leastBytes = 1 << 30;
const inMemory = "/dev/shm";
const onDisk = "/tmp";

/** A new folder, its path short enough for sockets. */
export function scratch(prefix: string): string {
  return mkdtempSync(`${scratchRoot()}/${prefix}`);
}

/** Programs of tests start from there, which not every machine allows. */
function scratchRoot(): string {
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    const mount = new RegExp(`^\\S+ ${inMemory} \\S+ (\\S+)`, "m").exec(
      readFileSync("/proc/mounts", "utf8"),
    );
    const options = mount?.[1]?.split(",") ?? ["noexec"];
    return bavail * bsize > leastBytes && !options.includes("noexec") ? inMemory : onDisk;
  } catch {
    return onDisk;
  }
}
