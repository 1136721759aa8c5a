// What the program writes, on its way to the human's terminal: its titles are kept back where ours
// stand, and ours goes out between complete sequences, never into the middle of one.
import type { TitleMode } from "../pty/title.ts";
import { titleSequence } from "../pty/title.ts";
import { titleFilter } from "../pty/title-filter.ts";
import type { OuterTerminal } from "./outer-terminal.ts";

export interface Stream {
  pass(bytes: Uint8Array<ArrayBuffer>): void;
  /** The title to show from now on; undefined leaves what stands there. */
  showTitle(text: string | undefined): void;
  /** Somebody else has the terminal for a while. */
  hideTitle(): void;
  showTitleAgain(): void;
  /** The program's own title. */
  childTitle(): string;
  end(): void;
}

export function openStream(outer: OuterTerminal, mode: TitleMode): Stream {
  const filter = titleFilter({ drops: mode !== "off" });
  let wanted: string | undefined;
  let shown: string | undefined;

  function writeTitle(): void {
    if (wanted === undefined || wanted === shown || !filter.isBetween()) return;
    shown = wanted;
    outer.write(titleSequence(wanted));
  }

  function hideTitle(): void {
    if (shown !== undefined) outer.write(titleSequence(""));
    shown = undefined;
  }

  return {
    pass(bytes) {
      const kept = filter.push(bytes);
      if (kept.length > 0) outer.write(kept);
      writeTitle();
    },
    showTitle(text) {
      wanted = text;
      writeTitle();
    },
    hideTitle,
    showTitleAgain: writeTitle,
    childTitle: () => filter.title(),
    end() {
      const rest = filter.flush();
      if (rest.length > 0) outer.write(rest);
      hideTitle();
    },
  };
}
