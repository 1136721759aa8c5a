// What a program has switched on in its terminal, so that the terminal can be given back to a shell
// in the middle of a session and taken again as it was. Kept from the sequences that the screen
// model parses; the model itself knows only some of them.
import type { Terminal } from "@xterm/headless";

export interface Modes {
  /** Follows a new emulator. */
  watch(terminal: Terminal): void;
  /** Switches everything off that is on. */
  off(): string;
  /** Switches it on again. */
  on(): string;
}

/**
 * Cursor keys, mouse reports, focus reports, alternate scroll, bracketed paste, colour-scheme and
 * size reports: off in a terminal that nobody has touched. The alternate screen is a case of its
 * own, and so are synchronised output, which must end, and the cursor, which is on at first.
 */
const switches = [1, 9, 1000, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 2004, 2031, 2048];
const alternateScreens = [47, 1047, 1049];
const cursor = 25;

export function terminalModes(): Modes {
  const on = new Set<number>();
  let alternate: number | undefined;
  let isCursorHidden = false;
  let otherKeys: number | undefined;
  // The kitty keyboard protocol has a stack for each of the two screens.
  const keyboards: { main: number[]; alternate: number[] } = { main: [], alternate: [] };
  const keyboard = () => (alternate === undefined ? keyboards.main : keyboards.alternate);

  function set(mode: number, isOn: boolean): void {
    if (switches.includes(mode)) on[isOn ? "add" : "delete"](mode);
    else if (alternateScreens.includes(mode)) alternate = isOn ? mode : undefined;
    else if (mode === cursor) isCursorHidden = !isOn;
  }

  function watch(terminal: Terminal): void {
    const { parser } = terminal;
    const each = (isOn: boolean) => (params: (number | number[])[]) => {
      for (const mode of params) if (typeof mode === "number") set(mode, isOn);
      return false;
    };
    parser.registerCsiHandler({ prefix: "?", final: "h" }, each(true));
    parser.registerCsiHandler({ prefix: "?", final: "l" }, each(false));
    parser.registerCsiHandler({ prefix: ">", final: "u" }, ([flags]) => {
      keyboard().push(Number(flags ?? 0));
      return false;
    });
    parser.registerCsiHandler({ prefix: "<", final: "u" }, ([count]) => {
      keyboard().splice(-Math.max(1, Number(count ?? 1)));
      return false;
    });
    parser.registerCsiHandler({ prefix: ">", final: "m" }, ([resource, value]) => {
      if (resource === 4) otherKeys = typeof value === "number" && value > 0 ? value : undefined;
      return false;
    });
  }

  return {
    watch,
    off() {
      const words: string[] = ["?2026l"];
      for (const mode of on) words.push(`?${mode}l`);
      if (otherKeys !== undefined) words.push(">4m");
      if (isCursorHidden) words.push("?25h");
      words.push("0m");
      if (alternate !== undefined) {
        words.push(...pop(keyboards.alternate), `?${alternate}l`);
      }
      words.push(...pop(keyboards.main));
      return sequences(words);
    },
    on() {
      const words = keyboards.main.map((flags) => `>${flags}u`);
      if (alternate !== undefined) {
        words.push(`?${alternate}h`, ...keyboards.alternate.map((flags) => `>${flags}u`));
      }
      if (otherKeys !== undefined) words.push(`>4;${otherKeys}m`);
      for (const mode of on) words.push(`?${mode}h`);
      if (isCursorHidden) words.push("?25l");
      return sequences(words);
    },
  };
}

function pop(stack: readonly number[]): string[] {
  return stack.length === 0 ? [] : [`<${stack.length}u`];
}

function sequences(words: readonly string[]): string {
  return words.map((word) => `\x1b[${word}`).join("");
}
