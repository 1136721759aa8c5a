// Ctrl+Z among the person's keys, also where it comes in one piece with what was typed after it. In
// a paste it is text, and a paste may come in several pieces.

export interface SuspendKey {
  /** Where it begins, and how many bytes it takes. */
  at: number;
  length: number;
}

/** Plain, in kitty's protocol, in xterm's; and where a paste begins and ends. */
const marks = /\x1a|\x1b\[122;5(?::1)?u|\x1b\[27;5;122~|\x1b\[20[01]~/g;
const pasteBegins = "\x1b[200~";
const pasteEnds = "\x1b[201~";

/** To be asked about every piece of input, in order: says where the first such key is in it. */
export function suspendKeys(): (bytes: Uint8Array) => SuspendKey | undefined {
  let isPaste = false;
  return (bytes) => {
    let found: SuspendKey | undefined;
    for (const { 0: mark, index } of Buffer.from(bytes).toString("latin1").matchAll(marks)) {
      if (mark === pasteBegins) isPaste = true;
      else if (mark === pasteEnds) isPaste = false;
      else if (!isPaste) found ??= { at: index, length: mark.length };
    }
    return found;
  };
}
