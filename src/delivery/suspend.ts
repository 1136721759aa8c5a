// Job control. The program runs in a session of its own, so the shell cannot stop it and it cannot
// stop us: whichever of us is stopped first, we stop the other, give the terminal back, and stop as
// a job of the shell. With `fg` both go on where they were. No mail is pushed meanwhile, because
// the one who pushes is stopped.
import type { Child } from "../pty/child.ts";
import type { Screen } from "../pty/screen.ts";
import { isInForeground } from "../sys/process.ts";
import type { OuterTerminal } from "./outer-terminal.ts";
import type { Stream } from "./stream.ts";

export interface JobEvents {
  /** Said before we stop; afterwards nobody of us can speak. */
  onSuspend(): void;
  onResume(): void;
}

interface SuspendOptions extends JobEvents {
  child: Child;
  screen: Screen;
  stream: Stream;
  outer: OuterTerminal;
  isKilled(): boolean;
}

export interface JobControl extends Disposable {
  /** Stops the program and us. */
  suspend(): void;
  /** The program got the key: stops it once it has tidied up. */
  expectStop(): void;
}

/** The program's last words, before it stopped, may still be on their way. */
const drainMs = 50;
const tidyWithinMs = 1000;
/** Stopped we are at once, or never: in a group without a shell that waits for it. */
const stopWithinMs = 100;
/** A program that sees two sizes in one look paints nothing. */
const repaintMs = 60;

export function jobControl(options: SuspendOptions): JobControl {
  const { child } = options;
  let isBusy = false;
  let isOver = false;
  const isEnding = () => isOver || options.isKilled();
  const run = (isOurs: boolean) => {
    if (isBusy || isEnding()) return;
    isBusy = true;
    void suspendAndResume({ ...options, isEnding }, isOurs, ask).finally(() => {
      isBusy = false;
    });
  };
  const ask = () => run(true);
  // Also sent when a child of ours has stopped.
  const look = () => {
    if (child.isStopped()) run(false);
  };
  process.on("SIGTSTP", ask);
  process.on("SIGCHLD", look);
  return {
    suspend: ask,
    expectStop: () => void stopWhenTidy(child),
    [Symbol.dispose]() {
      isOver = true;
      process.off("SIGTSTP", ask);
      process.off("SIGCHLD", look);
    },
  };
}

/** A program that keeps its screen has another use for the key. */
async function stopWhenTidy(child: Child): Promise<void> {
  const deadline = performance.now() + tidyWithinMs;
  while (!child.isInLines()) {
    if (performance.now() > deadline) return;
    await Bun.sleep(10);
  }
  await Bun.sleep(drainMs);
  // The end of the session looks the same. That we stopped it comes back as SIGCHLD.
  if (child.isInLines()) child.signal("SIGSTOP");
}

/** `isOurs`: the program does not know yet, and has not tidied its terminal up. */
async function suspendAndResume(
  options: SuspendOptions & { isEnding(): boolean },
  isOurs: boolean,
  onStop: () => void,
): Promise<void> {
  const { child, screen, outer, stream } = options;
  if (isOurs) child.signal("SIGSTOP");
  await Bun.sleep(drainMs);
  if (options.isEnding()) return child.signal("SIGCONT");
  options.onSuspend();
  stream.hideTitle();
  if (isOurs) outer.write(leaving(screen));
  outer.pause();
  await stopAsJob("SIGTSTP", onStop);
  // With `bg` we may not touch the terminal. A stop of our own, unlike one inside a system call,
  // lets the signal in that is to end us.
  while (!options.isEnding() && !isInForeground()) await stopAsJob("SIGTTOU", onStop);
  if (options.isEnding()) return child.signal("SIGCONT");
  outer.resume();
  if (isOurs) outer.write(screen.modes.on());
  const { cols, rows } = outer.size();
  screen.resize(cols, rows);
  child.signal("SIGCONT");
  if (isOurs) await repaint(child, cols, rows);
  else child.resize(cols, rows);
  stream.showTitleAgain();
  options.onResume();
}

/** Returns when the shell lets us go on; soon, where no shell controls us. */
async function stopAsJob(signal: NodeJS.Signals, onStop: () => void): Promise<void> {
  const goesOn = Promise.withResolvers<void>();
  process.once("SIGCONT", goesOn.resolve);
  process.off("SIGTSTP", onStop);
  // The whole job: there may be a script between the shell and us.
  process.kill(0, signal);
  await Promise.race([goesOn.promise, Bun.sleep(stopWithinMs)]);
  process.off("SIGCONT", goesOn.resolve);
  process.on("SIGTSTP", onStop);
  // Signals that came with it are heard first.
  await Bun.sleep(0);
}

/** Behind what the program shows, so that the shell does not write into it. */
function leaving(screen: Screen): string {
  if (screen.isAlternate()) return screen.modes.off();
  const [row] = screen.cursor();
  const last = screen.rows().findLastIndex((one) => one.text !== "");
  return `${screen.modes.off()}${"\r\n".repeat(Math.max(1, last - row + 1))}`;
}

/** A program paints everything anew when its terminal has another size than before. */
async function repaint(child: Child, cols: number, rows: number): Promise<void> {
  child.resize(cols, Math.max(1, rows - 1));
  await Bun.sleep(repaintMs);
  child.resize(cols, rows);
}
