// A document's bytes on the disk: reading them with an identity that tells whether they are still
// the same, and replacing them so that whoever reads or is killed finds the old or the new ones.
import { invalidFile } from "../../core/channels/refusals.ts";
import { Refusal } from "../../core/refusal.ts";
import { folderOf, linkTarget, type ReplaceStep, replaceThrough } from "../../sys/files.ts";
import { fs } from "../../sys/fs.ts";
import { belongingsOf, checkWritable, hand } from "./document-owner.ts";

/** Where a killed writer of our kind may have stopped. */
export type WriteStep = "locked" | ReplaceStep | "done";

export interface OpenedFile extends Disposable {
  identity: string;
  /** Refuses before reading what is larger than a document of so many bytes can be. */
  read(maxBytes: number): Uint8Array;
}

/**
 * Undefined when there is no such file. It stays open: as long as it is, no other file can get its
 * inode, so an equal identity means that nobody replaced it or wrote to it.
 */
export function openFile(path: string): OpenedFile | undefined {
  const file = open(path);
  if (file === undefined) return undefined;
  const stat = fs().fstatSync(file, { bigint: true });
  const close = () => fs().closeSync(file);
  if (!stat.isFile()) {
    close();
    throw invalidFile(`${path} is not a file`);
  }
  const read = (maxBytes: number) => {
    if (stat.size > maxBytes + mostOverhead) {
      throw invalidFile(`it is larger than ${maxBytes} bytes: raise the limit`);
    }
    return readAll(file, path);
  };
  return { identity: identity(stat), read, [Symbol.dispose]: close };
}

/** Of a header and of compressing what cannot be compressed, for the largest there are. */
const mostOverhead = 1_048_576;

function readAll(file: number, path: string): Uint8Array {
  try {
    return fs().readFileSync(file);
  } catch (error) {
    throw invalidFile(`${path} cannot be read: ${said(error)}`);
  }
}

/** Undefined when there is no such file. */
export function identityOfFile(path: string): string | undefined {
  try {
    const stat = fs().statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat && identity(stat);
  } catch (error) {
    // Like no identity there is: opening it will say what is wrong.
    return said(error);
  }
}

/** Whether both names lead to one file that is there. */
export function isOneFile(one: string, other: string): boolean {
  try {
    return fs().realpathSync(one) === fs().realpathSync(other);
  } catch {
    return false;
  }
}

/**
 * The file itself, behind symbolic links, in a directory that exists afterwards. It need not
 * exist: a link may point to where it shall be.
 */
export function realTarget(path: string): string {
  try {
    const target = linkTarget(path);
    const folder = folderOf(target);
    fs().mkdirSync(folder, { recursive: true, mode: 0o700 });
    const real = fs().realpathSync(folder);
    // A bare name has no slash before it.
    return `${real === "/" ? "" : real}/${target.slice(target.lastIndexOf("/") + 1)}`;
  } catch (error) {
    throw unwritableDocument(path, error);
  }
}

/**
 * For who holds the document's lock, and so is alone with the name of the new file. An existing
 * file stays whose it is, see `document-owner.ts`.
 */
export function replaceFile(
  target: string,
  bytes: Uint8Array,
  { fresh = `${target}-new`, onStep }: { fresh?: string; onStep?: (step: WriteStep) => void } = {},
): void {
  try {
    const belongings = belongingsOf(target);
    checkWritable(target, belongings);
    // One that a killed writer has left, or something that was put in our way.
    fs().rmSync(fresh, { force: true });
    replaceThrough(fresh, target, bytes, {
      mode: 0o600,
      finish: () => hand(fresh, target, belongings),
      ...(onStep === undefined ? {} : { onStep }),
    });
    syncFolder(folderOf(target));
  } catch (error) {
    throw unwritableDocument(target, error);
  }
}

export function unwritableDocument(path: string, error: unknown): Refusal {
  // Said already, and better.
  if (error instanceof Refusal && error.code === "io_error") return error;
  return new Refusal({
    code: "io_error",
    message: `IO error: cannot write ${path}: ${said(error)}`,
    hint: "nothing was stored; check the owner, the free space and the mode of its directory",
  });
}

/** So that the new name survives a power cut, too. Some file systems cannot. */
function syncFolder(path: string): void {
  const folder = fs().openSync(path, "r");
  try {
    fs().fsyncSync(folder);
  } catch {
    // The document is in place; when its name reaches the disk is up to this file system.
  } finally {
    fs().closeSync(folder);
  }
}

function open(path: string): number | undefined {
  try {
    // Without waiting: a pipe of that name would never open.
    return fs().openSync(path, fs().constants.O_RDONLY | fs().constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw invalidFile(`${path} cannot be read: ${said(error)}`);
  }
}

function identity(stat: import("node:fs").BigIntStats): string {
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** `permission denied` out of `EACCES: permission denied, open '/x'`. */
function said(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^E[A-Z0-9]+: ([^,]+)/.exec(text)?.[1] ?? text;
}
