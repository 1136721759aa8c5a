// The terminal of the human around us: raw while we are there, written without losing a byte, and
// given back as it was on every way out. Headless agents have none.
import { writeSync } from "node:fs";

export interface OuterTerminal {
  size(): { cols: number; rows: number };
  write(bytes: Uint8Array | string): void;
  /** Lends the terminal to the shell, and takes it again. */
  pause(): void;
  resume(): void;
  /** Gives the terminal back. */
  restore(left: Left): void;
}

/** How the program left the terminal: `broken` when it had no chance to clean up after itself. */
export type Left = "clean" | "broken" | "broken-alternate";

export interface OuterEvents {
  onKeys(bytes: Uint8Array<ArrayBuffer>): void;
  onResize(size: { cols: number; rows: number }): void;
  /** The terminal is gone. */
  onHangUp(): void;
}

export const noTerminal: OuterTerminal = {
  size: () => ({ cols: 120, rows: 40 }),
  write() {},
  pause() {},
  resume() {},
  restore() {},
};

/** Two resizes are at least this far apart; the last one always counts. */
const resizeEveryMs = 50;

export function openOuterTerminal(events: OuterEvents): OuterTerminal {
  const { stdin, stdout } = process;
  const isTty = stdin.isTTY === true;
  let isGone = false;
  let isRaw = false;

  const setRaw = (next: boolean) => {
    if (!isTty || isRaw === next) return;
    isRaw = next;
    try {
      stdin.setRawMode(next);
    } catch {
      // The terminal is already gone.
    }
  };
  const hangUp = () => {
    if (isGone) return;
    isGone = true;
    events.onHangUp();
  };
  const lastRestore = () => setRaw(false);
  const size = () => ({ cols: stdout.columns || 80, rows: stdout.rows || 24 });
  const resized = atMostEvery(resizeEveryMs, () => events.onResize(size()));

  setRaw(true);
  process.on("exit", lastRestore);
  process.on("SIGWINCH", resized);
  const onData = (bytes: Buffer) => events.onKeys(new Uint8Array(bytes));
  // Input from a pipe may end; a terminal that ends has been closed.
  const onEnd = () => (isTty ? hangUp() : undefined);
  stdin.on("data", onData);
  stdin.on("end", onEnd);
  stdin.on("error", onEnd);

  return {
    size,
    write(bytes) {
      if (!isGone && !writeAll(bytes)) hangUp();
    },
    pause() {
      stdin.pause();
      setRaw(false);
    },
    resume() {
      setRaw(true);
      stdin.resume();
    },
    restore(left) {
      if (left !== "clean" && stdout.isTTY === true && !isGone) writeAll(repair(left));
      process.off("SIGWINCH", resized);
      stdin.off("data", onData);
      stdin.off("end", onEnd);
      stdin.off("error", onEnd);
      stdin.pause();
      setRaw(false);
      process.off("exit", lastRestore);
    },
  };
}

/** Blocks until the terminal took everything: that slows the program down, as it should. */
function writeAll(data: Uint8Array | string): boolean {
  const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code !== "EAGAIN" && code !== "EINTR") return false;
      Bun.sleepSync(1);
    }
  }
  return true;
}

// What a killed program leaves behind: mouse and focus reports, bracketed paste, the kitty keyboard
// protocol, a hidden cursor, colours. Leaving the alternate screen moves the cursor, so that only
// where it is shown.
function repair(left: Left): string {
  const modes = "?1000l ?1002l ?1003l ?1006l ?1004l ?2004l <u ?25h 0m".split(" ");
  if (left === "broken-alternate") modes.push("?1049l");
  return `${modes.map((mode) => `\x1b[${mode}`).join("")}\r\n`;
}

function atMostEvery(ms: number, action: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    if (timer !== undefined) return;
    const wait = Math.max(0, last + ms - performance.now());
    timer = setTimeout(() => {
      timer = undefined;
      last = performance.now();
      action();
    }, wait);
  };
}
