// How long to wait before the next try: a second, doubling up to a minute, never exactly as long as
// everybody else who lost the same broker.

export interface Backoff {
  next(isContested: boolean): number;
  reset(): void;
}

const firstMs = 1000;
const mostMs = 60_000;
const contestedMs = 30_000;

export function backoff(random: () => number): Backoff {
  let ms = firstMs;
  return {
    next(isContested) {
      const wait = Math.max(ms, isContested ? contestedMs : 0);
      ms = Math.min(mostMs, ms * 2);
      return wait * (0.5 + random() / 2);
    },
    reset: () => {
      ms = firstMs;
    },
  };
}
