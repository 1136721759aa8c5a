// The person's keys on their way to the program. We see each of them first: a nudge of ours that
// stands in the input box is taken back before the key is passed on, and one whose Enter is on its
// way has left the box by then, so that the two are never sent as one. Where the program loses what
// comes, the keys wait until it listens.
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
  /** The program loses what is typed now. */
  isDeaf(): boolean;
}

/** A program that reads our erasing, or our Enter, and the key at once takes both for a paste. */
const longestHoldMs = 500;
const longestDeafMs = 4000;
const lookEveryMs = 10;

export function openKeyboard(options: KeyboardOptions): Keyboard {
  const held: Uint8Array<ArrayBuffer>[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function release(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const bytes of held.splice(0)) options.write(bytes);
  }

  function hold(bytes: Uint8Array<ArrayBuffer>, isHeld: (forMs: number) => boolean): void {
    const since = performance.now();
    const look = (): void => {
      if (isHeld(performance.now() - since)) timer = setTimeout(look, lookEveryMs);
      else release();
    };
    held.push(bytes.slice());
    timer = setTimeout(look, lookEveryMs);
  }

  return {
    press(bytes) {
      if (timer !== undefined) {
        held.push(bytes.slice());
        return;
      }
      const isTyped = options.isTyping(bytes);
      if (isTyped && options.isDeaf()) {
        hold(bytes, (forMs) => forMs < longestDeafMs && options.isDeaf());
        return;
      }
      const { count, isSending } = isTyped ? options.giveWay() : nothing;
      if (count === 0 && (!isSending || options.isBoxEmpty())) {
        options.write(bytes);
        return;
      }
      if (count > 0) options.write("\x7f".repeat(count));
      hold(bytes, (forMs) => forMs < longestHoldMs && !options.isBoxEmpty());
    },
    [Symbol.dispose]: release,
  };
}
