// What a document keeps when it is replaced by a new file: owner, group, mode and access list. Who
// cannot keep them does not write.
import { Refusal } from "../../core/refusal.ts";
import { accessListOf, setAccessList } from "../../sys/access-list.ts";
import { fs } from "../../sys/fs.ts";

export interface Belongings {
  mode: number;
  /** Undefined for a file that is new: it is whoever makes it. */
  owner: { uid: number; gid: number } | undefined;
  accessList: Uint8Array | undefined;
}

/** Of a file that is there or, as they shall be, of a new one, which is for its owner only. */
export function belongingsOf(path: string): Belongings {
  const stat = fs().statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { mode: 0o600, owner: undefined, accessList: undefined };
  const { uid, gid } = stat;
  return { mode: stat.mode & 0o7777, owner: { uid, gid }, accessList: accessListOf(path) };
}

/** Refuses a file that its owner has protected, also where we could replace it all the same. */
export function checkWritable(path: string, { mode, owner }: Belongings): void {
  if (owner === undefined) return;
  if ((mode & 0o222) === 0) throw cannotKeep(path, `it is write-protected (mode ${octal(mode)})`);
  try {
    fs().accessSync(path, fs().constants.W_OK);
  } catch {
    throw cannotKeep(path, `you may not write to it (mode ${octal(mode)}, uid ${owner.uid})`);
  }
}

/** Gives them to a new file, on its way to the name `target`. */
export function hand(fresh: string, target: string, { mode, owner, accessList }: Belongings): void {
  const own = fs().statSync(fresh);
  if (owner !== undefined && (own.uid !== owner.uid || own.gid !== owner.gid)) {
    try {
      fs().chownSync(fresh, owner.uid, owner.gid);
    } catch {
      const whose = `uid ${owner.uid}, gid ${owner.gid}`;
      throw cannotKeep(target, `it belongs to ${whose}, and writing would make it yours`);
    }
  }
  // Not at opening: there the umask would take its part, and a new owner takes some bits away.
  fs().chmodSync(fresh, mode);
  if (accessList !== undefined) setAccessList(fresh, accessList);
}

function cannotKeep(path: string, reason: string): Refusal {
  return new Refusal({
    code: "io_error",
    message: `IO error: cannot write ${path}: ${reason}`,
    hint: "nothing was changed; write as its owner, or into a copy of your own: acomm export",
  });
}

function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
}
