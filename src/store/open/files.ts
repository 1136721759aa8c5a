// The database as files: existence, identity, modes. node:fs is fetched when first needed,
// because importing it costs a hook 2 ms and an ordinary open needs none of this.
// Nothing here opens an existing database file of ours: closing any descriptor of it would drop all
// POSIX locks that SQLite holds in this process (sqlite.org/howtocorrupt.html §2.2).

import { dirState } from "../../sys/own-dir.ts";

export interface FileStat {
  /** Device and inode: equal for the same file, different after a replacement. */
  identity: string;
  size: number;
  /** When it was written to last, in milliseconds. */
  writtenMs: number;
}

function fs() {
  return process.getBuiltinModule("node:fs");
}

export function statFile(path: string): FileStat | undefined {
  const stat = fs().statSync(path, { throwIfNoEntry: false });
  return stat && { identity: `${stat.dev}:${stat.ino}`, size: stat.size, writtenMs: stat.mtimeMs };
}

/** Of a file that nobody here has open, as its header says (sqlite.org/fileformat.html §1.3). */
export function isInWalMode(path: string): boolean {
  const header = Buffer.alloc(20);
  try {
    const fd = fs().openSync(path, "r");
    try {
      fs().readSync(fd, header, 0, header.length, 0);
    } finally {
      fs().closeSync(fd);
    }
  } catch {
    // Who opens it as a database is told why it cannot be.
  }
  return header[18] === 2;
}

/** This process has that very file open. SQLite does not tell the inode of its handle. */
export function isSameFileOpen(file: FileStat): boolean {
  // /dev/fd exists on Linux and macOS; where it is missing we believe the handle is the file.
  const list = "/dev/fd";
  if (!fs().existsSync(list)) return true;
  return fs()
    .readdirSync(list)
    .some((fd) => identityOfFd(Number(fd)) === file.identity);
}

function identityOfFd(fd: number): string | undefined {
  try {
    const stat = fs().fstatSync(fd);
    return `${stat.dev}:${stat.ino}`;
  } catch {
    // The descriptor of the listing itself is gone by now.
    return undefined;
  }
}

/** Directory 0700 and an empty file 0600: SQLite would make one with the mode of the umask. */
export function makeFile(path: string): void {
  fs().mkdirSync(directoryOf(path), { recursive: true, mode: 0o700 });
  fs().closeSync(fs().openSync(path, "a", 0o600));
}

/**
 * Takes group and world off the database, its directory and the files beside it that may hold
 * secrets, where they are ours.
 */
export function repairModes(path: string): void {
  const sticky = 0o1000;
  const folder = directoryOf(path);
  // Whoever gave another directory chose its mode as well.
  const isByName = folder.endsWith("/.hcom");
  if (isByName && dirState(folder).kind === "ours") tighten(folder, 0o700, sticky);
  for (const suffix of ["", "-wal", "-shm"]) tighten(path + suffix, 0o600, 0);
  // A link leads to the user's own dotfiles; their modes are not ours to choose.
  for (const name of ["env", "config.toml"]) {
    const file = `${folder}/${name}`;
    if (!isLink(file)) tighten(file, 0o600, 0);
  }
}

function isLink(path: string): boolean {
  return fs().lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function tighten(path: string, mode: number, spared: number): void {
  try {
    const stat = fs().statSync(path, { throwIfNoEntry: false });
    if (!stat || (stat.mode & 0o077) === 0 || (stat.mode & spared) !== 0) return;
    if (stat.uid === process.getuid?.()) fs().chmodSync(path, mode);
  } catch {
    // Modes are repaired where possible; a foreign owner keeps theirs.
  }
}

/** Makes the folder `wanted`, or `wanted-2` ... when it is taken; returns its path. */
export function makeNewFolder(wanted: string): string {
  fs().mkdirSync(directoryOf(wanted), { recursive: true, mode: 0o700 });
  for (let n = 1; ; n++) {
    const folder = n === 1 ? wanted : `${wanted}-${n}`;
    if (fs().existsSync(folder)) continue;
    fs().mkdirSync(folder, { mode: 0o700 });
    return folder;
  }
}

export function removeFolder(path: string): void {
  fs().rmSync(path, { recursive: true, force: true });
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash) || "/";
}

/** As SQLite's URI, in which every character of the path stands for itself. */
export function uriOf(path: string, query: string): string {
  const encoded = encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23");
  return `file:${path.startsWith("/") ? "//" : ""}${encoded}?${query}`;
}
