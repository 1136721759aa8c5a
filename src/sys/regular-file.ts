// Opening what somebody else names: a hook's payload, a settings path. A pipe or a device there
// would hold us for ever, so only a regular file is opened.
import { fs } from "./fs.ts";

/** For reading. Throws as node:fs does, with code `ENOTREG` where it is no regular file. */
export function openRegular(path: string): number {
  const { O_RDONLY, O_NONBLOCK } = fs().constants;
  // Without waiting: whether it is a pipe is known only once it is open.
  const file = fs().openSync(path, O_RDONLY | O_NONBLOCK);
  if (fs().fstatSync(file).isFile()) return file;
  fs().closeSync(file);
  throw Object.assign(new Error(`${path} is not a regular file`), {
    code: "ENOTREG",
    syscall: "open",
  });
}
