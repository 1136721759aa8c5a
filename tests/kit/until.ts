// Waiting in tests: polls a condition and fails with words that say what was waited for.

export interface UntilOptions {
  timeoutMs: number;
  /** Completes the sentence "timed out waiting for ...". */
  what: string;
  /** Called once on failure; its text (a screen, a log) is appended to the message. */
  dump?: () => string | Promise<string>;
}

/** For what must not happen: looks again and again, and fails at the first look that shows it. */
export async function staysTrue(
  forMs: number,
  holds: () => boolean | Promise<boolean>,
  what = "what should hold",
): Promise<void> {
  const start = performance.now();
  do {
    if (!(await holds())) {
      const afterMs = Math.round(performance.now() - start);
      throw new Error(`${what} ended after ${afterMs} of ${forMs} ms`);
    }
    await Bun.sleep(50);
  } while (performance.now() - start < forMs);
}

type Falsy = false | null | undefined;

/** The first answer of `condition` that is not false, null or undefined. */
export async function until<T>(
  condition: () => T | Falsy | Promise<T | Falsy>,
  options: UntilOptions,
): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== null && value !== undefined) return value;
    if (Date.now() > deadline) break;
    await Bun.sleep(50);
  }
  const dump = options.dump === undefined ? "" : `\n${await options.dump()}`;
  throw new Error(`timed out after ${options.timeoutMs} ms waiting for ${options.what}${dump}`);
}
