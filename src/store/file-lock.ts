// An exclusive lock on a name in the file system: SQLite's own lock on an empty file of that name.
// The system releases it when its holder dies, however that happens. It guards nothing of SQLite's.
import { DatabaseSync } from "node:sqlite";
import { fs } from "../sys/fs.ts";
import { databaseError, isBusy } from "./errors.ts";
import { uriOf } from "./open/files.ts";

export class FileLock implements Disposable {
  readonly #path: string;
  readonly #like: Likeness;
  #handle: DatabaseSync | undefined;
  #identity: string | undefined;
  #isHeld = false;

  /** What a new lock file is like; its directory exists. Nothing is locked yet. */
  constructor(path: string, like: Likeness = { mode: 0o600 }) {
    this.#path = path;
    this.#like = like;
  }

  /** False while somebody else has it, be it in this process or another one. */
  tryAcquire(): boolean {
    for (;;) {
      const failure = begin(this.#open());
      // Who had it before has removed the file: newcomers lock another one, and so must we. SQLite
      // notices sometimes, as an I/O error.
      const isSame = identityOf(this.#path) === this.#identity;
      this.#isHeld = isSame && failure === undefined;
      if (this.#isHeld) return true;
      if (isSame) {
        const known = databaseError(failure, this.#path);
        if (isBusy(known)) return false;
        throw known;
      }
      this.#close();
    }
  }

  [Symbol.dispose](): void {
    // Removed while locked: whoever waits for this very file will notice.
    if (this.#isHeld) fs().rmSync(this.#path, { force: true });
    this.#isHeld = false;
    this.#close();
  }

  // The identity is taken before the file is opened. While our handle is open its inode is not
  // given to another file, so the two are the same file when the identity still holds afterwards.
  #open(): DatabaseSync {
    if (this.#handle !== undefined) return this.#handle;
    for (;;) {
      this.#identity = identityOf(this.#path) ?? this.#create();
      if (this.#identity === undefined) continue;
      const handle = connect(this.#path);
      if (handle === undefined) continue;
      this.#handle = handle;
      return handle;
    }
  }

  /** Undefined when somebody was faster. */
  #create(): string | undefined {
    try {
      const { mode, owner } = this.#like;
      const file = fs().openSync(this.#path, "wx", mode);
      // Not at opening: there the umask would take its part, and others could not wait for us.
      fs().fchmodSync(file, mode);
      if (owner !== undefined) give(file, owner);
      fs().closeSync(file);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    return identityOf(this.#path);
  }

  #close(): void {
    this.#handle?.close();
    this.#handle = undefined;
  }
}

interface Likeness {
  mode: number;
  /** Of what is locked: its owner must be able to wait, also for root. */
  owner?: { uid: number; gid: number } | undefined;
}

function give(file: number, { uid, gid }: { uid: number; gid: number }): void {
  const own = fs().fstatSync(file);
  if (own.uid === uid && own.gid === gid) return;
  try {
    fs().fchownSync(file, uid, gid);
  } catch {
    // Only root may. Where the mode lets others in, they can wait all the same.
  }
}

/**
 * What went wrong, if something did. Nothing is ever written, so no journal is made: a new file
 * costs more than all else here.
 */
function begin(handle: DatabaseSync): unknown {
  try {
    handle.exec("PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE");
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Undefined when the file has just gone. */
function connect(path: string): DatabaseSync | undefined {
  try {
    return new DatabaseSync(uriOf(path, "mode=rw"), { timeout: 0 });
  } catch (error) {
    if (identityOf(path) === undefined) return undefined;
    throw databaseError(error, path);
  }
}

/**
 * Inodes are given out again at once; with the time of their birth they are unique. That of a link
 * is its own: one that leads nowhere is there, too, and in the way.
 */
function identityOf(path: string): string | undefined {
  const stat = fs().lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`;
}
