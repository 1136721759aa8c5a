// An end for work that cannot be interrupted: a statement of SQLite that never comes back, because
// somebody asked for every combination of a million rows.

export interface End {
  ms: number;
  /** Written before the end, each to where it belongs. */
  out: string;
  err: string;
  /** What the process ends with. */
  exit: number;
}

/**
 * Until it is disposed of, a second thread watches the clock and ends this process: by the C
 * library's `_exit`, because nothing gentler reaches a thread that is in native code, and by
 * SIGKILL where that cannot be called. Costs some milliseconds; for rare commands.
 */
export function endProcessAfter(end: End): Disposable {
  const code = `(${watch})(${JSON.stringify(end)}, ${process.pid}, ${JSON.stringify(libraries)});`;
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.unref();
  return {
    [Symbol.dispose]() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/** Where the C library may be: Linux with the GNU one and with musl, macOS. */
const libraries = [
  "libc.so.6",
  "/lib/libc.musl-x86_64.so.1",
  "/lib/libc.musl-aarch64.so.1",
  "/usr/lib/libSystem.B.dylib",
];

/** On the second thread, where nothing of this file is known. */
function watch(end: End, pid: number, names: readonly string[]): void {
  setTimeout(() => {
    const write = (fd: number, text: string) => {
      try {
        if (text !== "") process.getBuiltinModule("node:fs").writeSync(fd, text);
      } catch {
        // Nobody reads it any more.
      }
    };
    write(1, end.out);
    write(2, end.err);
    const ffi = process.getBuiltinModule("bun:ffi") as typeof import("bun:ffi") | undefined;
    for (const name of names) {
      try {
        const { symbols } = ffi?.dlopen(name, { _exit: { args: ["i32"], returns: "void" } }) ?? {};
        symbols?._exit(end.exit);
      } catch {
        // Another C library than this one.
      }
    }
    process.kill(pid, "SIGKILL");
  }, end.ms);
}
