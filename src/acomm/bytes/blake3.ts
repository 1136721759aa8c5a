// The checksum of two later envelopes, fetched for a document that has one: making its tables
// costs each process half a millisecond.
import type * as itself from "./blake3-library.ts";

export function blake3(data: Uint8Array): Uint8Array {
  return library().blake3(data);
}

/** Not `import()`: nobody here waits for anything. */
function library(): typeof itself {
  // biome-ignore lint/style/noCommonJs: the only way to load a module here and now, when needed
  return require("./blake3-library.ts");
}
