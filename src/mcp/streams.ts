// Our standard input and output as the wire takes them.
import type { Streams } from "./wire.ts";

export function standardStreams(): Streams {
  return {
    input: Bun.stdin.stream(),
    async write(text) {
      try {
        // It waits for a slow reader, and unlike `process.stdout` it leaves nothing behind at exit.
        await Bun.write(Bun.stdout, text);
        return true;
      } catch {
        // The client is gone. What it asked for is done, and nobody is left to be told.
        return false;
      }
    },
  };
}
