// Starts the worker where a group is there and none runs, for those who stay as long as somebody
// waits for mail: a worker that died, or a machine that was started anew, keeps no mail back.
import { pathsOf } from "../config/paths.ts";
import { fs } from "../sys/fs.ts";
import type { System } from "../sys/system.ts";

const everyMs = 15_000;

/** Now and from time to time. Whatever goes wrong, the next look tries again. */
export function keepWorker(system: System): Disposable {
  void startWhereMissing(system);
  const timer = setInterval(() => void startWhereMissing(system), everyMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Loads nothing where no worker ever ran. */
export async function startWhereMissing(system: System): Promise<void> {
  try {
    const paths = pathsOf(system.env, system.cwd);
    if (!fs().existsSync(`${paths.tmp}/relay.lock`)) return;
    const { nudgeWorker } = await import("./beside.ts");
    nudgeWorker({ system, paths });
  } catch {
    // A file that is being written, or no process to be had: in a while it is another one.
  }
}
