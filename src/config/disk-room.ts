// Whether a directory takes another file: what modes and free blocks say is not what a mount, a
// quota or a limit does, so it is tried.
import { fs } from "../sys/fs.ts";

export type DiskRoom = "ok" | "read-only" | "full";

/** As much as a log beside the database easily grows at once. */
const trialBytes = 256 * 1024;

const fullCodes = ["ENOSPC", "EDQUOT", "EFBIG"];

/** Writes a file in `dir`, which has to be ours, and takes it away again. */
export function diskRoom(dir: string): DiskRoom {
  // A name by which the directory stays known as ours.
  const path = `${dir}/hcom.db.room-${process.pid}`;
  try {
    fs().writeFileSync(path, new Uint8Array(trialBytes), { mode: 0o600, flag: "wx" });
    return "ok";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return fullCodes.includes(code) ? "full" : "read-only";
  } finally {
    fs().rmSync(path, { force: true });
  }
}
