// Is a descriptor a terminal? Importing node:tty costs 6 ms (it loads streams and sockets), so it
// is fetched by the few who ask and not at the start of every command.

export function isTerminal(fd: number): boolean {
  return process.getBuiltinModule("node:tty").isatty(fd);
}
