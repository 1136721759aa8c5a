// Hears of it when a file is replaced or written. The directory is watched, because a store is
// replaced as a whole; a look each second catches what no watch tells.
import { basename, dirname } from "node:path";
import { fs } from "../sys/fs.ts";

const lookEveryMs = 1000;

/** May call back for nothing. */
export function watchDocument(path: string, onChange: () => void): Disposable {
  let stamp = stampOf(path);
  const look = () => {
    const now = stampOf(path);
    if (now === stamp) return;
    stamp = now;
    onChange();
  };
  const watcher = startWatching(path, look);
  const timer = setInterval(look, lookEveryMs);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      watcher?.close();
    },
  };
}

/** Changes with every replacement and every write. */
function stampOf(path: string): string {
  const stats = fs().statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? "" : `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}

function startWatching(path: string, onEvent: () => void) {
  try {
    const watcher = fs().watch(dirname(path), (_event, file) => {
      if (file === null || file === basename(path)) onEvent();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    // No such directory yet, or no watches left: the timer is enough.
    return undefined;
  }
}
