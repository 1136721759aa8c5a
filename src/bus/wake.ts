// Waking without data: readers watch the directory of the database for writes to its WAL and
// check `data_version` once a second, so a lost poke costs time and never a message.
// Loopback pokes remain for places where watching does not work (`wake = tcp`).
import { type FSWatcher, watch } from "node:fs";
import type { Bus } from "./bus.ts";

const checkEveryMs = 1000;

/** Calls `onWake` soon after somebody committed. It may also call it for nothing. */
export function watchWakes(bus: Bus, onWake: () => void): Disposable {
  let version = bus.db.dataVersion();
  const changed = () => {
    const now = bus.db.dataVersion();
    if (now === version) return;
    version = now;
    onWake();
  };
  const watcher = startWatching(bus, onWake);
  const timer = setInterval(() => {
    try {
      changed();
    } catch {
      // The file is being replaced: whoever holds the bus reopens it in its own turn.
      onWake();
    }
  }, checkEveryMs);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      watcher?.close();
    },
  };
}

function startWatching(bus: Bus, onWake: () => void): FSWatcher | undefined {
  if (bus.settings.text("wake") === "tcp") return undefined;
  try {
    const watcher = watch(bus.paths.dir, (_event, file) => {
      if (file === null || file.endsWith("-wal")) onWake();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch (error) {
    bus.system.log({ level: "warn", subsystem: "wake", event: "no_watch", msg: String(error) });
    return undefined;
  }
}

/** Resolves on the next wake or after `timeoutMs`, whichever is first. */
export function nextWake(bus: Bus, timeoutMs: number, isDue?: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      wakes[Symbol.dispose]();
      resolve();
    };
    const wakes = watchWakes(bus, done);
    const timer = setTimeout(done, Math.max(0, timeoutMs));
    // A commit between the caller's last look and the start of the watch would be missed.
    if (isDue?.()) done();
  });
}
