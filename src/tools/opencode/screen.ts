// OpenCode's terminal: its input box, its questions, its footer. Recorded from 1.18.33.
import { bottomRows, hasText, trimCells } from "../screen-rows.ts";
import type { ScreenReader, ScreenRow } from "../tool.ts";

export const screen: ScreenReader = {
  readyText: "ctrl+p commands",
  // With a plugin it waits for its own npm, once for each folder with settings.
  startTimeoutMs: 60_000,
  input,
  approval: isQuestion,
  busy,
};

/** Not dim, and in the colours of its owner's theme: only its words tell it from a draft. */
const placeholder = /^Ask anything…/;

/** The box is the lowest bar that ends with a row of half blocks; its last line names the model. */
function input(rows: readonly ScreenRow[]): string | null {
  const end = rows.findLastIndex((row) => /^\s*╹▀{20}/.test(row.text));
  if (end < 0) return null;
  const start = rows.slice(0, end).findLastIndex((row) => !/^\s*┃/.test(row.text)) + 1;
  const lines = rows.slice(start, end).map((row) => trimCells(row.text.replace(/^\s*┃/, "")));
  // Without the line of agent and model it is another box.
  if (lines.length < 3 || lines.at(-1) === "" || lines.at(-2) !== "") return null;
  const text = lines.slice(0, -2).join("\n").trim();
  return placeholder.test(text) ? "" : text;
}

/** A question takes the place of the box. */
function isQuestion(rows: readonly ScreenRow[]): boolean {
  const bottom = bottomRows(rows, 24);
  if (hasText(bottom, "△ Permission required")) return true;
  return bottom.some((row) => /^\s*┃.*\besc dismiss\b/.test(row.text));
}

function busy(rows: readonly ScreenRow[]): boolean | null {
  if (bottomRows(rows, 3).some((row) => /\besc (?:again to )?interrupt\b/.test(row.text)))
    return true;
  return input(rows) === null ? null : false;
}
