// The compression module, fetched when somebody needs its limits: importing `node:zlib` costs a
// process 6 ms, and most documents are small enough to need none.

export function zlib(): typeof import("node:zlib") {
  return process.getBuiltinModule("node:zlib");
}
