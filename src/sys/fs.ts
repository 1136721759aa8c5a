// The file system module, fetched when somebody uses it: importing `node:fs` costs every process
// almost 2 ms, and most hooks never touch a file.

export function fs(): typeof import("node:fs") {
  return process.getBuiltinModule("node:fs");
}
