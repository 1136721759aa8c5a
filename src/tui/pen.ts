// When frames are drawn: only where one differs from the last, and what only happens gathered.
import { type Frame, isSameFrame } from "../view/line.ts";
import type { Look } from "../view/paint.ts";
import { show } from "../view/show.ts";
import type { State } from "../view/state.ts";
import type { Terminal } from "./terminal.ts";

/** What only happens is drawn no more often. */
const calmMs = 250;

export interface Pen extends Disposable {
  draw(isForced?: boolean): void;
  /** The first at once; of those that follow closely as many as came meanwhile. */
  drawSoon(): void;
}

/** `terminal`: undefined as long as nothing can be drawn. */
export function openPen(given: {
  state(): State;
  terminal(): Terminal | undefined;
  look: Omit<Look, "isLight">;
}): Pen {
  let drawn: Frame | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let later: ReturnType<typeof setTimeout> | undefined;
  const draw = (isForced = false): void => {
    clearTimeout(later);
    later = undefined;
    const terminal = given.terminal();
    if (terminal === undefined) return;
    drawnAt = performance.now();
    const frame = show(given.state());
    if (!isForced && drawn !== undefined && isSameFrame(frame, drawn)) return;
    drawn = frame;
    terminal.draw(frame, { ...given.look, isLight: terminal.isLight() === true });
  };
  return {
    draw,
    drawSoon() {
      const left = drawnAt + calmMs - performance.now();
      if (left <= 0) draw();
      else later ??= setTimeout(draw, left);
    },
    [Symbol.dispose]: () => clearTimeout(later),
  };
}
