// The native part of the library that draws: npm brings it as an optional dependency of ours, one
// per system, beside us or in our own folder. The library itself is part of our bundle and would
// look beside that; its own variable says where the part really is.
import { fs } from "../fs.ts";
import { ownBinDir } from "../program.ts";

const variable = "OTUI_ASSET_ROOT";

export function hasNativePart(): boolean {
  return folderOf(nameOf()) !== undefined;
}

/** Tells the library where its native part is; false when there is none for this system. */
export function useNativePart(env: Record<string, string | undefined> = process.env): boolean {
  const folder = folderOf(nameOf());
  if (folder === undefined) return false;
  env[variable] = folder;
  if (isMusl()) env["OPENTUI_LIBC"] = "musl";
  return true;
}

function nameOf(): string {
  return `@opentui/core-${process.platform}-${process.arch}${isMusl() ? "-musl" : ""}`;
}

/** npm hoists a global install's dependencies into the package and a local install's beside it. */
function folderOf(name: string): string | undefined {
  const file = process.platform === "darwin" ? "libopentui.dylib" : "libopentui.so";
  const pkg = ownBinDir().replace(/\/bin$/, "");
  const folders = [`${pkg}/node_modules`, pkg.replace(/\/[^/]+$/, "")];
  return folders.find((one) => fs().existsSync(`${one}/${name}/${file}`));
}

/** It must not reach the programs that we start. */
export function forgetNativePart(env: Record<string, string | undefined> = process.env): void {
  delete env[variable];
  delete env["OPENTUI_LIBC"];
}

/** As the launcher sees it: where glibc's loader is missing. */
function isMusl(): boolean {
  if (process.platform !== "linux") return false;
  const glibc = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];
  return !glibc.some((path) => fs().existsSync(path));
}
