// What a terminal shows at this moment, as text with dim flags. Fed with the child's raw bytes;
// the model is up to date when the emulator has parsed them, which is when `onChange` is called.
import type { IBufferCell, Terminal } from "@xterm/headless";
import { type Modes, terminalModes } from "./modes.ts";

/** Structurally the `ScreenRow` of the tool contract. */
export interface Row {
  text: string;
  /** One flag per UTF-16 unit of `text`. */
  dim: readonly boolean[];
}

export interface ScreenOptions {
  cols: number;
  rows: number;
  /** The emulator has parsed what was fed. */
  onChange(): void;
  /** Answers to the program's questions about the terminal (DA, DSR ...). */
  onAnswer?(text: string): void;
}

export interface Screen extends Disposable {
  modes: Pick<Modes, "off" | "on">;
  feed(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /** Cached until something changes. */
  rows(): readonly Row[];
  cols(): number;
  /** Row and column, from 0. */
  cursor(): [number, number];
  isAlternate(): boolean;
  /** Grows with every change. */
  version(): number;
  /** Bytes wait to be parsed. */
  isBehind(): boolean;
}

/** Bytes that may wait for the emulator; a flood beyond that restarts it with what comes last. */
const backlogBytes = 4_000_000;
/** No parse finishes for this long although bytes wait: an exception killed the emulator's loop. */
const stuckMs = 2000;

const terminalOptions = {
  scrollback: 0,
  allowProposedApi: true,
  // It would complain about odd input on the terminal of the user.
  logLevel: "off",
} as const;

/** Loads the emulator on first use: it costs 8 ms and some memory. */
export async function openScreen(options: ScreenOptions): Promise<Screen> {
  const { Terminal } = await import("@xterm/headless");
  let { cols, rows } = options;
  let waiting = 0;
  let waitingSince = 0;
  let version = 0;
  let cached: { version: number; rows: readonly Row[] } | undefined;
  const modes = terminalModes();
  let terminal = start();

  function start(): Terminal {
    const made = new Terminal({ cols, rows, ...terminalOptions });
    made.onData((text) => {
      if (made === terminal) options.onAnswer?.(text);
    });
    modes.watch(made);
    waiting = 0;
    return made;
  }

  // Bad input must never end a session (a wide character cut by a resize did so once).
  function rebuild(): void {
    const old = terminal;
    terminal = start();
    version++;
    contained(() => old.dispose());
  }

  function feed(bytes: Uint8Array): void {
    const isStuck = waiting > 0 && performance.now() - waitingSince > stuckMs;
    if (isStuck || waiting > backlogBytes) rebuild();
    if (waiting === 0) waitingSince = performance.now();
    waiting += bytes.length;
    const into = terminal;
    const parsed = () => {
      if (into !== terminal) return;
      waiting -= bytes.length;
      waitingSince = performance.now();
      version++;
      options.onChange();
    };
    if (!contained(() => into.write(bytes, parsed))) rebuild();
  }

  return {
    modes,
    feed,
    resize(nextCols, nextRows) {
      if (nextCols < 1 || nextRows < 1) return;
      cols = nextCols;
      rows = nextRows;
      version++;
      if (!contained(() => terminal.resize(cols, rows))) rebuild();
    },
    rows() {
      if (cached?.version !== version) cached = { version, rows: readRows(terminal) };
      return cached.rows;
    },
    cols: () => cols,
    cursor: () => [terminal.buffer.active.cursorY, terminal.buffer.active.cursorX],
    isAlternate: () => terminal.buffer.active.type === "alternate",
    version: () => version,
    isBehind: () => waiting > 0,
    [Symbol.dispose]: () => terminal.dispose(),
  };
}

function contained(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

function readRows(terminal: Terminal): Row[] {
  const buffer = terminal.buffer.active;
  const spare = buffer.getNullCell();
  const rows: Row[] = [];
  for (let y = 0; y < terminal.rows; y++) {
    const line = buffer.getLine(buffer.baseY + y);
    const text = line?.translateToString(true).trimEnd() ?? "";
    rows.push(
      line === undefined || text === ""
        ? { text: "", dim: [] }
        : readRow((x) => line.getCell(x, spare), terminal.cols),
    );
  }
  return rows;
}

/** Blanks at the right end are left out: programs differ in whether they write them. */
function readRow(cellAt: (x: number) => IBufferCell | undefined, cols: number): Row {
  let text = "";
  const dim: boolean[] = [];
  for (let x = 0; x < cols; x++) {
    const cell = cellAt(x);
    // The second half of a wide character has no text of its own.
    if (cell === undefined || cell.getWidth() === 0) continue;
    const chars = cell.getChars() || " ";
    const isDim = cell.isDim() !== 0;
    for (let unit = 0; unit < chars.length; unit++) dim.push(isDim);
    text += chars;
  }
  const shown = text.replace(/ +$/, "");
  return { text: shown, dim: dim.slice(0, shown.length) };
}
