// The person's keys on their way to the program. We see each of them first: a nudge of ours that
// stands in the input box is taken back before the key is passed on, and one whose Enter is on its
// way has left the box by then, so that the two are never sent as one.
export interface Keyboard extends Disposable {
  press(bytes: Uint8Array<ArrayBuffer>): void;
}

interface InTheWay {
  /** Characters of ours in the box that are to be erased. */
  count: number;
  /** An Enter of ours behind them may not have been read yet. */
  isSending: boolean;
}

const nothing: InTheWay = { count: 0, isSending: false };

export interface KeyboardOptions {
  write(data: Uint8Array<ArrayBuffer> | string): void;
  /** Asking takes the characters for gone. */
  giveWay(): InTheWay;
  /** Is this a person, or something that a terminal sends by itself? */
  isTyping(bytes: Uint8Array<ArrayBuffer>): boolean;
  isBoxEmpty(): boolean;
}

/** A program that reads our erasing, or our Enter, and the key at once takes both for a paste. */
const longestHoldMs = 500;
const lookEveryMs = 10;

export function openKeyboard(options: KeyboardOptions): Keyboard {
  const held: Uint8Array<ArrayBuffer>[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heldSince = 0;

  function release(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const bytes of held.splice(0)) options.write(bytes);
  }

  function look(): void {
    const isOver = performance.now() - heldSince >= longestHoldMs;
    if (isOver || options.isBoxEmpty()) release();
    else timer = setTimeout(look, lookEveryMs);
  }

  return {
    press(bytes) {
      if (timer !== undefined) {
        held.push(bytes.slice());
        return;
      }
      const { count, isSending } = options.isTyping(bytes) ? options.giveWay() : nothing;
      if (count === 0 && (!isSending || options.isBoxEmpty())) {
        options.write(bytes);
        return;
      }
      if (count > 0) options.write("\x7f".repeat(count));
      held.push(bytes.slice());
      heldSince = performance.now();
      timer = setTimeout(look, lookEveryMs);
    },
    [Symbol.dispose]: release,
  };
}
