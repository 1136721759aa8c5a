// Being alone with a document while it is changed, among all programs of ours on this machine.
import { Refusal } from "../../core/refusal.ts";
import { FileLock } from "../../store/file-lock.ts";
import type { System } from "../../sys/system.ts";
import { modeOf, unwritableDocument } from "./document-file.ts";

const longestPauseMs = 20;

/** The lock lies beside the document, which is itself replaced and so cannot carry it. */
export async function lockDocument(
  target: string,
  waitMs: number,
  system: Pick<System, "monotonic" | "random">,
): Promise<Disposable> {
  // Whoever may write the document may lock it.
  const lock = new FileLock(`${target}-lock`, modeOf(target) & 0o666);
  const deadline = system.monotonic() + waitMs;
  try {
    for (let pauseMs = 1; !lock.tryAcquire(); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (system.monotonic() > deadline) throw busy(target, waitMs);
      await Bun.sleep(pauseMs * (0.5 + system.random()));
    }
    return lock;
  } catch (error) {
    lock[Symbol.dispose]();
    throw isBusy(error) ? error : unwritableDocument(target, error);
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
