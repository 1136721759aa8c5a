// The wrapper's last words in the log. They matter (a row without a process looks alive), so a
// locked database gets some patience here: the human has the terminal back already.
import { Refusal } from "../core/refusal.ts";
import type { System } from "../sys/system.ts";
import type { Book, Farewell } from "./book.ts";

const patienceMs = 10_000;
const betweenMs = 100;

export async function farewell(system: System, book: Book, words: Farewell): Promise<void> {
  await insist(system, () => book.leave(words));
}

/** The program could not even be started: nobody else will tell. */
export async function spawnFailed(system: System, book: Book, reason: string): Promise<void> {
  await insist(system, () => {
    const { row } = book.look();
    if (row === undefined) return;
    book.launch(row.name, { action: "launch_failed", reason: "spawn_failed", evidence: reason });
    book.leave({ reason: "launch_failed", exitCode: 127, screenTail: reason });
  });
}

async function insist(system: System, write: () => void): Promise<void> {
  const deadline = system.monotonic() + patienceMs;
  for (;;) {
    try {
      write();
      return;
    } catch (error) {
      const isBusy = error instanceof Refusal && error.code === "database_busy";
      if (isBusy && system.monotonic() < deadline) {
        await Bun.sleep(betweenMs);
        continue;
      }
      const msg = error instanceof Error ? error.message : String(error);
      system.log({ level: "warn", subsystem: "delivery", event: "no_farewell", msg });
      return;
    }
  }
}
