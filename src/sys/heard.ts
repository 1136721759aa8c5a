// Does anybody hear what we write? A descriptor that was closed before we started has become the
// null device (Bun 1.4 opens it, so that no file of ours gets that number), and writing there
// succeeds without reaching anybody.
import { fs } from "./fs.ts";

const nullDevice = "/dev/null";

export function isHeard(descriptor: 1 | 2): boolean {
  return !isOfSameTime(descriptor) || !isNullDevice(descriptor);
}

/** A file of another time is another file. Bun tells that without the file system module. */
function isOfSameTime(descriptor: 1 | 2): boolean {
  return Bun.file(descriptor).lastModified === Bun.file(nullDevice).lastModified;
}

function isNullDevice(descriptor: 1 | 2): boolean {
  try {
    const stat = fs().fstatSync(descriptor);
    return stat.isCharacterDevice() && stat.rdev === fs().statSync(nullDevice).rdev;
  } catch {
    return true;
  }
}
