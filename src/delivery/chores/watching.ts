// The wrapper's part in telling of events: soon after the log has changed it looks who asked for
// what. With several wrappers the first one does it, and the others find nothing left to do.
import type { Bus } from "../../bus/bus.ts";
import { catchUp, isDue } from "../../bus/mail/waking/catch-up.ts";
import { wakeAlone } from "../../bus/mail/waking/wake-alone.ts";

const pauseMs = { least: 3, most: 40 } as const;

export interface Watching extends Disposable {
  /** The log has changed. */
  soon(): void;
}

export function startWatching(openedBus: () => Bus): Watching {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function soon(): void {
    // By its process each wrapper has a moment of its own.
    timer ??= setTimeout(look, pauseMs.least + (process.pid % (pauseMs.most - pauseMs.least)));
  }

  function look(): void {
    timer = undefined;
    try {
      const bus = openedBus();
      const told = catchUp(bus);
      if (told.length > 0) void wakeAlone(bus, told);
      if (isDue(bus)) soon();
    } catch {
      // Locked, or gone: `look` of the book says it, and the next change comes here again.
    }
  }

  return {
    soon,
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
