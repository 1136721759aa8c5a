// Waking without data: readers watch the directory of the database for writes to its WAL and
// check `data_version` once a second, so a lost poke costs time and never a message.
// Where watching does not work (`wake = tcp`), a waiter listens on a loopback port that senders
// poke, and looks more often.

import type { FSWatcher } from "node:fs";
import { deleteEndpoint, upsertEndpoint } from "../store/endpoints.ts";
import { fs } from "../sys/fs.ts";
import type { Bus } from "./bus.ts";

const checkEveryMs = { watched: 1000, unwatched: 250 } as const;

/** Who waits, for the port that wakes it. */
export interface Waiter {
  name: string;
  kind: "listen" | "hook";
}

/**
 * The directory tells of a commit before it can be read: SQLite writes the frames to the WAL and
 * publishes them in shared memory afterwards, which nobody announces (walIndexWriteHdr). A reader
 * that is quick comes too early, so it looks again after so many milliseconds.
 */
const lookAgainMs = [1, 2, 4, 8, 16, 32] as const;

/** After a commit was found only one that overlapped with it can be missing: a look or two do. */
const afterFound = 3;

/** Calls `onWake` soon after somebody committed. It may also call it for nothing. */
export function watchWakes(bus: Bus, onWake: () => void, waiter?: Waiter): Disposable {
  let version = bus.db.dataVersion();
  let again: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  const changed = (): boolean => {
    try {
      const now = bus.db.dataVersion();
      if (now === version) return false;
      version = now;
    } catch {
      // The file is being replaced: whoever holds the bus reopens it in its own turn.
    }
    onWake();
    return true;
  };
  // One commit is announced once for each page it writes: those that follow within a millisecond
  // share a look.
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = (nth: number, hasWoken: boolean): void => {
    clearTimeout(again);
    const isWoken = changed() || hasWoken;
    lookedAt = performance.now();
    const next = isWoken && !hasWoken ? Math.max(nth, afterFound) : nth;
    const afterMs = lookAgainMs[next];
    if (isClosed) return;
    if (afterMs !== undefined) again = setTimeout(look, afterMs, next + 1, isWoken);
    // Our own commit, or another file has taken this one's place: only the caller can tell.
    else if (!isWoken) onWake();
  };
  const announced = (): void => {
    clearTimeout(again);
    if (performance.now() - lookedAt >= lookAgainMs[0]) look(0, false);
    else again = setTimeout(look, lookAgainMs[0], 1, false);
  };
  const watcher = startWatching(bus, announced);
  const port = openPort(bus, waiter, () => look(0, false));
  const everyMs = watcher === undefined ? checkEveryMs.unwatched : checkEveryMs.watched;
  const timer = setInterval(changed, everyMs);
  return {
    [Symbol.dispose]: () => {
      isClosed = true;
      clearTimeout(again);
      clearInterval(timer);
      watcher?.close();
      port?.[Symbol.dispose]();
    },
  };
}

/** A poke is a connection that is closed at once; it carries no data. */
function openPort(
  bus: Bus,
  waiter: Waiter | undefined,
  onPoke: () => void,
): Disposable | undefined {
  if (waiter === undefined || bus.settings.text("wake") !== "tcp") return undefined;
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => {
        socket.end();
        onPoke();
      },
      data: () => {},
    },
  });
  const { name, kind } = waiter;
  upsertEndpoint(bus.db, { instance: name, kind, port: server.port, now: bus.system.now() / 1000 });
  return {
    [Symbol.dispose]: () => {
      server.stop(true);
      deleteEndpoint(bus.db, name, kind);
    },
  };
}

function startWatching(bus: Bus, onWrite: () => void): FSWatcher | undefined {
  if (bus.settings.text("wake") === "tcp") return undefined;
  try {
    const watcher = fs().watch(bus.paths.dir, (_event, file) => {
      if (file === null || file.endsWith("-wal")) onWrite();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch (error) {
    bus.system.log({ level: "warn", subsystem: "wake", event: "no_watch", msg: String(error) });
    return undefined;
  }
}

/** Resolves on the next wake or after `timeoutMs`, whichever is first. */
export function nextWake(
  bus: Bus,
  timeoutMs: number,
  options: {
    isDue?: () => boolean;
    waiter?: Waiter;
    /** Gets what ends the wait at once: for signals. */
    whenOver?: ((wake: () => void) => void) | undefined;
  } = {},
): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      wakes[Symbol.dispose]();
      resolve();
    };
    const wakes = watchWakes(bus, done, options.waiter);
    const timer = setTimeout(done, Math.max(0, timeoutMs));
    options.whenOver?.(done);
    // A commit between the caller's last look and the start of the watch would be missed.
    if (options.isDue?.()) done();
  });
}
