// Access lists (POSIX ACLs) of files. The runtime has no call for them, so the C library is asked,
// where it is one that we know: on Linux. Elsewhere, and on Node, a file has none that we can see.
import { fs } from "./fs.ts";

const attribute = cText("system.posix_acl_access");

/** Undefined when there is none. */
export function accessListOf(path: string): Uint8Array | undefined {
  const get = libc()?.getxattr;
  if (get === undefined) return undefined;
  // The largest that Linux gives out (XATTR_SIZE_MAX).
  const list = new Uint8Array(65_536);
  const length = Number(get(cText(path), attribute, list, list.length));
  return length > 0 ? list.subarray(0, length) : undefined;
}

export function setAccessList(path: string, list: Uint8Array): void {
  const failed = libc()?.setxattr(cText(path), attribute, list, list.length, 0) !== 0;
  if (failed) throw new Error("its access list cannot be kept");
}

interface Libc {
  getxattr(path: Uint8Array, name: Uint8Array, value: Uint8Array, size: number): number | bigint;
  setxattr(
    path: Uint8Array,
    name: Uint8Array,
    value: Uint8Array,
    size: number,
    flags: number,
  ): number;
}

let known: { libc: Libc | undefined } | undefined;

function libc(): Libc | undefined {
  known ??= { libc: process.platform === "linux" ? load() : undefined };
  return known.libc;
}

function load(): Libc | undefined {
  // Node's types do not know it, and Node answers undefined.
  const ffi = process.getBuiltinModule("bun:ffi") as typeof import("bun:ffi") | undefined;
  if (ffi === undefined) return undefined;
  for (const name of ["libc.so.6", ...muslNames()]) {
    try {
      const { symbols } = ffi.dlopen(name, {
        getxattr: { args: ["ptr", "ptr", "ptr", "u64"], returns: "i64" },
        setxattr: { args: ["ptr", "ptr", "ptr", "u64", "i32"], returns: "i32" },
      });
      return symbols as unknown as Libc;
    } catch {
      // Another C library than this one.
    }
  }
  return undefined;
}

function muslNames(): string[] {
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  return [`/lib/libc.musl-${machine}.so.1`].filter((name) => fs().existsSync(name));
}

function cText(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}
