// Ctrl+C, SIGTERM and a closed terminal end a wait at once and in order.
const endings = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

export interface Leaving {
  isOver(): boolean;
  /** Takes what wakes the wait up. */
  whenOver(wake: () => void): void;
  /** The wait is over: from here a signal ends us, also where nobody reads what we print. */
  letGo(): void;
}

export function untilSignal(): Leaving {
  let isOver = false;
  let wakeUp = () => {};
  const stop = () => {
    isOver = true;
    wakeUp();
  };
  for (const signal of endings) process.once(signal, stop);
  return {
    letGo: () => {
      for (const signal of endings) process.off(signal, stop);
    },
    isOver: () => isOver,
    whenOver: (wake) => {
      wakeUp = wake;
    },
  };
}
