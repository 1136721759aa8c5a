// Waiting in tests: polls a condition and fails with words that say what was waited for.

export interface UntilOptions {
  timeoutMs: number;
  /** Completes the sentence "timed out waiting for ...". */
  what: string;
  /** Called once on failure; its text (a screen, a log) is appended to the message. */
  dump?: () => string | Promise<string>;
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
