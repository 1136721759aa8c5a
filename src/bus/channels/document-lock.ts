// Being alone with a document while it is changed, among all programs of ours on this machine.
import { Refusal } from "../../core/refusal.ts";
import { FileLock } from "../../store/file-lock.ts";
import { fs } from "../../sys/fs.ts";
import type { System } from "../../sys/system.ts";
import { unwritableDocument } from "./document-file.ts";
import { belongingsOf, checkWritable } from "./document-owner.ts";

const longestPauseMs = 20;

/** The lock lies beside the document, which is itself replaced and so cannot carry it. */
export async function lockDocument(
  target: string,
  waitMs: number,
  system: Pick<System, "monotonic" | "random">,
): Promise<Disposable> {
  const path = `${target}-lock`;
  // Whoever may write the document may lock it.
  const belongings = belongingsOf(target);
  checkWritable(target, belongings);
  const { mode, owner } = belongings;
  const lock = new FileLock(path, { mode: mode & 0o666, owner });
  const deadline = system.monotonic() + waitMs;
  try {
    for (let pauseMs = 1; !lock.tryAcquire(); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (system.monotonic() > deadline) throw busy(target, waitMs);
      await Bun.sleep(pauseMs * (0.5 + system.random()));
    }
    return lock;
  } catch (error) {
    lock[Symbol.dispose]();
    if (isBusy(error)) throw error;
    throw foreignLock(target, path) ?? unwritableDocument(target, error);
  }
}

/** One that another user's program holds, or has left behind. */
function foreignLock(target: string, path: string): Refusal | undefined {
  const stat = fs().lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true || isOpenToUs(path)) return undefined;
  return new Refusal({
    code: "document_locked",
    message:
      `${target} is locked by ${path}, which belongs to uid ${stat.uid}: ` +
      "if no program of that user is writing, remove it",
    hint: "nothing was stored",
  });
}

function isOpenToUs(path: string): boolean {
  try {
    fs().accessSync(path, fs().constants.R_OK | fs().constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function busy(target: string, waitMs: number): Refusal {
  return new Refusal({
    code: "document_busy",
    message: `${target} is being changed by other programs for ${Math.round(waitMs / 1000)} s`,
    hint: "nothing was stored; try again",
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Refusal && error.code === "document_busy";
}
