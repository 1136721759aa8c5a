// A whole file of the library's users: read, or replaced so that every reader sees the old or the
// new one. Who shares a file with others wants the lock of `CommStore.open` besides.
import { defaultMaxBytes } from "../acomm/read-document.ts";
import { openFile, realTarget, replaceFile } from "../bus/channels/document-file.ts";
import { exitCode, Refusal } from "../core/refusal.ts";

export function bytesOf(path: string): Uint8Array {
  using file = openFile(path);
  if (file !== undefined) return file.read(defaultMaxBytes);
  throw new Refusal({
    code: "io_error",
    message: `IO error: No such file or directory: ${path}`,
    exit: exitCode.notFound,
  });
}

let written = 0;

/** The name in between is this process's own: writers without a lock must not share one. */
export function replaceBytes(path: string, bytes: Uint8Array): void {
  const target = realTarget(path);
  replaceFile(target, bytes, { fresh: `${target}-${process.pid}-${++written}` });
}
