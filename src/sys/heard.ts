// Does anybody hear what we write? A descriptor that was closed before we started has become the
// null device (Bun 1.4 opens it, so that no file of ours gets that number), and writing there
// succeeds without reaching anybody.
import { fs } from "./fs.ts";

export function isHeard(descriptor: 1 | 2): boolean {
  try {
    const stat = fs().fstatSync(descriptor);
    return !stat.isCharacterDevice() || stat.rdev !== fs().statSync("/dev/null").rdev;
  } catch {
    return false;
  }
}
