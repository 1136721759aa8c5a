// The screen as `term` shows it: plain data for scripts and people.
import type { Screen } from "../pty/screen.ts";
import type { ScreenReader } from "../tools/tool.ts";
import { isReady } from "./eyes.ts";

export interface ScreenSnapshot {
  lines: string[];
  /** Rows, columns. */
  size: [number, number];
  /** Row, column, from 0. */
  cursor: [number, number];
  ready: boolean;
  prompt_empty: boolean;
  input_text: string | null;
}

export function snapshot(screen: Screen, reader: ScreenReader): ScreenSnapshot {
  const rows = screen.rows();
  const input = reader.input(rows);
  return {
    lines: rows.map((row) => row.text),
    size: [rows.length, screen.cols()],
    cursor: screen.cursor(),
    ready: isReady(reader, rows),
    prompt_empty: input === "",
    input_text: input,
  };
}

/** The end of what was on the screen, as evidence in a report. */
export function screenTail(screen: Screen, lines: number, chars: number): string {
  const shown = screen
    .rows()
    .map((row) => row.text.trimEnd())
    .filter((text) => text !== "");
  return shown.slice(-lines).join("\n").slice(-chars);
}
