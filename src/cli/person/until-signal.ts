// Ctrl+C and SIGTERM end a wait at once and in order.

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
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  return {
    letGo: () => {
      process.off("SIGTERM", stop);
      process.off("SIGINT", stop);
    },
    isOver: () => isOver,
    whenOver: (wake) => {
      wakeUp = wake;
    },
  };
}
