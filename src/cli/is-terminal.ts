// Is a descriptor a terminal, and how wide? Importing node:tty costs 6 ms (it loads streams and
// sockets), so it is fetched only where the cheaper question leaves a doubt: pipes and files are no
// character devices.
import { fs } from "../sys/fs.ts";

export function isTerminal(fd: number): boolean {
  try {
    return fs().fstatSync(fd).isCharacterDevice() && tty().isatty(fd);
  } catch {
    // A closed descriptor.
    return false;
  }
}

/** undefined when the terminal does not say. */
export function terminalColumns(fd: number): number | undefined {
  const { columns } = new (tty().WriteStream)(fd);
  return columns > 0 ? columns : undefined;
}

function tty(): typeof import("node:tty") {
  return process.getBuiltinModule("node:tty");
}
