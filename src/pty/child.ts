// A program on a terminal of its own: started as leader of its session and process group, fed and
// read as bytes, ended with its whole group. It knows nothing about what the program shows.
import { constants } from "node:os";
import { endGroup, isStopped, processStart, signalGroup } from "../sys/process.ts";

export interface ChildOptions {
  /** Program and arguments; the program as an absolute path or found on PATH of `env`. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  directory: string;
  cols: number;
  rows: number;
  onData(bytes: Uint8Array): void;
}

export interface Child {
  pid: number;
  /** Start identity of `pid`, see sys/process.ts. */
  start: string | undefined;
  write(data: string | Uint8Array<ArrayBuffer>): void;
  resize(cols: number, rows: number): void;
  /** Has somebody stopped it, as Ctrl+Z does? */
  isStopped(): boolean;
  /** Does its terminal work in lines, as a shell's does? A program on the screen has left that. */
  isInLines(): boolean;
  /** To the whole group. */
  signal(name: NodeJS.Signals): void;
  /** Ends the group: the signal, and SIGKILL for what is left after five seconds. */
  kill(name?: NodeJS.Signals): void;
  /** Exit status as a shell gives it (128 + signal), once all output was handed on. */
  exited: Promise<number>;
}

/** A grandchild may hold the terminal open: no output for this long after the end is the end. */
const drainQuietMs = 100;
const drainAtMostMs = 5000;

/** termios(3): ICANON of c_lflag. */
const icanon = process.platform === "darwin" ? 0x100 : 2;

/** Throws what Bun.spawn throws when the program cannot be started. */
export function spawnChild(options: ChildOptions): Child {
  let lastData = performance.now();
  let closed = false;
  // The options stand inline: a ready-made Bun.Terminal gives a child without controlling terminal.
  const child = Bun.spawn([...options.argv], {
    env: { ...options.env },
    cwd: options.directory,
    terminal: {
      cols: options.cols,
      rows: options.rows,
      name: options.env["TERM"] || "xterm-256color",
      data(_terminal, bytes) {
        lastData = performance.now();
        options.onData(bytes);
      },
      exit() {
        closed = true;
      },
    },
  });
  const terminal = child.terminal;
  if (terminal === undefined) throw new Error("Bun gave no terminal");
  let ending: Promise<unknown> | undefined;
  const exited = (async () => {
    const status = await child.exited;
    const signalled = signalStatus(child.signalCode);
    await drained(() => (closed ? Number.POSITIVE_INFINITY : performance.now() - lastData));
    if (!terminal.closed) terminal.close();
    await ending;
    return signalled ?? status;
  })();
  return {
    pid: child.pid,
    start: processStart(child.pid),
    exited,
    write(data) {
      if (!terminal.closed) terminal.write(data);
    },
    resize(cols, rows) {
      if (!terminal.closed) terminal.resize(cols, rows);
    },
    isStopped: () => isStopped(child.pid),
    isInLines: () => !terminal.closed && (terminal.localFlags & icanon) !== 0,
    signal: (name) => void signalGroup(child.pid, name),
    kill(name = "SIGTERM") {
      if (ending === undefined) ending = endGroup(child.pid, { signal: name });
      else signalGroup(child.pid, name);
    },
  };
}

/** As a shell tells it. */
function signalStatus(signal: NodeJS.Signals | number | null): number | undefined {
  if (signal === null) return undefined;
  return 128 + (typeof signal === "number" ? signal : constants.signals[signal]);
}

/** Output may follow the exit of the program that wrote it. */
function drained(quietMs: () => number): Promise<void> {
  const deadline = performance.now() + drainAtMostMs;
  return until(() => quietMs() >= drainQuietMs || performance.now() > deadline, 5);
}

function until(isDone: () => boolean, everyMs: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (isDone() ? resolve() : void setTimeout(look, everyMs));
    look();
  });
}
