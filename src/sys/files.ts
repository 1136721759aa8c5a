// Files as this program uses them: private directories, atomic replacement, reading what may be
// missing. Nothing here knows what is in a file.
import { Refusal } from "../core/refusal.ts";
import { fs } from "./fs.ts";
import { openRegular } from "./regular-file.ts";

/** The text, or undefined when there is no such file. Other failures throw. */
export function readText(path: string): string | undefined {
  try {
    const file = openRegular(path);
    try {
      return fs().readFileSync(file, "utf8");
    } finally {
      fs().closeSync(file);
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** As `readText`, before the file is written again: what is no UTF-8 would be altered for good. */
export function readEditable(path: string): string | undefined {
  const text = readText(path);
  if (text?.includes("\ufffd") && !Buffer.from(text).equals(fs().readFileSync(path))) {
    throw new Refusal({
      code: "not_utf8",
      message: `${path} is not UTF-8, and stays as it is`,
      hint: "save it as UTF-8 (iconv -f latin1 -t utf-8), then again",
    });
  }
  return text;
}

/** Told without the file system module: most homes have no settings file to read. */
export function isMissingOrEmpty(path: string): boolean {
  return Bun.file(path).size === 0;
}

/**
 * A file that says yes while anything is in it, told and changed without the file system module:
 * loading that costs a hook, and whoever sends, more than a millisecond. `Bun.write` has written a
 * text that short when it returns (Bun 1.4), where the folder is there; false where it has not.
 */
export function raiseFlag(path: string): boolean {
  if (!isThere(folderOf(path))) return false;
  writeNow(path, "1");
  return isRaised(path);
}

export function lowerFlag(path: string): void {
  if (!isRaised(path)) return;
  writeNow(path, "");
  if (isRaised(path)) removeStray(path);
}

/** Told without the file system module, which a file that is there is worth. */
export function removeStray(path: string): void {
  if (!isThere(path)) return;
  try {
    removeFile(path);
  } catch {
    // Another user's: it stays, and costs its reader time.
  }
}

function isRaised(path: string): boolean {
  return !isMissingOrEmpty(path);
}

function writeNow(path: string, text: string): void {
  // What came of it is looked at.
  void Bun.write(path, text, { createPath: false }).catch(() => {});
}

/** When a file that is not there was changed, as Bun 1.4 has it. */
const never = 2 ** 52 - 1;

function isThere(path: string): boolean {
  return Bun.file(path).lastModified !== never;
}

export function ensurePrivateDir(path: string): void {
  fs().mkdirSync(path, { recursive: true, mode: 0o700 });
}

/**
 * Replaces a file so that every reader sees the old or the new content, never a torn one.
 * The mode of an existing file is kept; a new one gets `mode`. A symbolic link stays one, also when
 * what it points to does not exist yet.
 */
export function writeAtomic(path: string, content: string, mode = 0o600): void {
  const target = linkTarget(path);
  fs().mkdirSync(folderOf(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.hcom-${process.pid}-${Date.now().toString(36)}`;
  const kept = existingMode(target);
  replaceThrough(temporary, target, Buffer.from(content, "utf8"), {
    mode: kept === undefined ? mode : 0o600,
    finish(file) {
      // Not at opening: there the umask would take its part.
      if (kept !== undefined) fs().fchmodSync(file, kept);
    },
  });
}

/** Where a killed writer may have stopped. */
export type ReplaceStep = "written" | "synced" | "renamed";

export interface Replacing {
  /** Of the new file, until it is finished. */
  mode: number;
  /** Gives the new file what the old one had; nothing is replaced when it throws. */
  finish?(file: number): void;
  onStep?(step: ReplaceStep): void;
}

/** Writes a new file beside the old one, which must not be there yet, and puts it in its place. */
export function replaceThrough(
  temporary: string,
  target: string,
  bytes: Uint8Array,
  { mode, finish, onStep }: Replacing,
): void {
  const file = fs().openSync(temporary, "wx", mode);
  try {
    try {
      for (let done = 0; done < bytes.length; ) done += fs().writeSync(file, bytes, done);
      finish?.(file);
      onStep?.("written");
      fs().fsyncSync(file);
      onStep?.("synced");
    } finally {
      fs().closeSync(file);
    }
    fs().renameSync(temporary, target);
    onStep?.("renamed");
  } catch (error) {
    fs().rmSync(temporary, { force: true });
    throw error;
  }
}

/** Byte for byte, whatever it holds; only its owner may read the copy. */
export function copyPrivate(from: string, to: string): void {
  ensurePrivateDir(folderOf(to));
  fs().copyFileSync(from, to);
  fs().chmodSync(to, 0o600);
}

export function removeFile(path: string): void {
  fs().rmSync(path, { force: true });
}

export function fileExists(path: string): boolean {
  try {
    fs().statSync(path);
    return true;
  } catch {
    return false;
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  // ENOTDIR: a folder on the way is a file.
  return error.code === "ENOENT" || error.code === "ENOTDIR";
}

/**
 * The file behind a path: a settings file that is a symbolic link (dotfiles in a repository) stays
 * one, and what it points to, there or not, is edited.
 */
export function linkTarget(path: string): string {
  let target = path;
  for (let hops = 0; hops < 40; hops++) {
    try {
      return fs().realpathSync(target);
    } catch {
      const next = linkedFrom(target);
      if (next === undefined) return target;
      target = next;
    }
  }
  // Links in a circle: this says so.
  return fs().realpathSync(path);
}

/** Where a link points, absolute; undefined for what is no link. */
export function linkedFrom(path: string): string | undefined {
  try {
    const link = fs().readlinkSync(path);
    return link.startsWith("/") ? link : `${fs().realpathSync(folderOf(path))}/${link}`;
  } catch {
    return undefined;
  }
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash) || "/";
}

function existingMode(path: string): number | undefined {
  try {
    return fs().statSync(path).mode & 0o7777;
  } catch {
    return undefined;
  }
}
