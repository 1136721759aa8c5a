// Claude Code's terminal: its input box, its questions, its other boxes. Recorded from 2.1.216 and
// 2.1.329. The registry file says the state better; the screen guards the typing.
import { answerKeys, bottomRows, hasText, trimCells, typedAfter } from "../screen-rows.ts";
import type { ScreenReader, ScreenRow } from "../tool.ts";

export const screen: ScreenReader = {
  readyText: "? for shortcuts",
  startTimeoutMs: 5000,
  input,
  answers: answerKeys,
  approval: (rows) => isQuestion(rows),
  overlay,
  busy,
  bypassed: (rows) => hasText(bottomRows(rows, 4), "bypass permissions on"),
  launchQuestion: (rows) => isQuestion(rows) && launchWords.some((text) => hasText(rows, text)),
};

/** The box is the lowest `❯` (`>` in bypass mode) between two rules: output shows both, too. */
function input(rows: readonly ScreenRow[]): string | null {
  for (let at = rows.length - 1; at > 0; at--) {
    const row = rows[at];
    const above = rows[at - 1];
    if (row === undefined || above === undefined) continue;
    if (!/^[❯>]/.test(row.text) || !isRule(above)) continue;
    const end = rows.findIndex((below, index) => index > at && isRule(below));
    if (end < 0 || end > at + 10) continue;
    const lines = [
      typedAfter(row, 1),
      ...rows.slice(at + 1, end).map((line) => typedAfter(line, 0)),
    ];
    return lines.filter((line) => line !== "").join("\n");
  }
  return null;
}

function isRule(row: ScreenRow): boolean {
  return row.text.trimStart().startsWith("──");
}

/** A question takes the place of the box: a marked choice and the keys to answer it. */
function isQuestion(rows: readonly ScreenRow[]): boolean {
  if (input(rows) !== null) return false;
  const bottom = bottomRows(rows, 14);
  const hasKeys = bottom.some((row) => /Esc to cancel|Enter to (confirm|select)/.test(row.text));
  return hasKeys && bottom.some((row) => trimCells(row.text).startsWith("❯ "));
}

/** Claude Code 2.1.329: folder trust, foreign API key, bypass mode, unknown settings. */
const launchWords = [
  "trust this folder",
  "custom API key",
  "Bypass Permissions mode",
  "Settings Warning",
];

/** Two marks are asked for: a false positive would stop all typing. */
function overlay(rows: readonly ScreenRow[]): boolean {
  const bottom = bottomRows(rows, 12);
  const hasCounts = bottom.some((row) => /tokens/.test(row.text) && /[↑↓]/.test(row.text));
  if (hasCounts && hasText(bottom, "Enter to view")) return true;
  return hasText(bottom, "describe a task for a new session");
}

function busy(rows: readonly ScreenRow[]): boolean | null {
  if (hasText(bottomRows(rows, 4), "esc to interrupt")) return true;
  return input(rows) === null ? null : false;
}
