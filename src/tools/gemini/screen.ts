// Gemini CLI's terminal. Its title tells exactly whether a turn runs or a question waits; its owner
// may switch that off, then the screen must do. Recorded from 0.61.0.
import { answerKeys, bottomRows, hasText, trimCells } from "../screen-rows.ts";
import type { ScreenReader, ScreenRow } from "../tool.ts";
import { hasOption } from "./run-kind.ts";

export const screen: ScreenReader = {
  readyText: "Type your message",
  startTimeoutMs: 60_000,
  // 0.61.0 shows its box for half a second before it asks whether the folder is trusted.
  settleMs: 2_000,
  input,
  answers: answerKeys,
  approval: (rows, title) => title.startsWith("✋") || isQuestion(rows),
  busy,
  // 0.61.0 shows its box for a second, and takes it away while it reads the session: 0.3 s.
  deaf: (rows) => hasText(bottomRows(rows, 20), "Resuming session..."),
  goesDeaf: (args) => hasOption(args, ["--resume", "-r"]),
  launchQuestion: (rows) => launchWords.some((text) => hasText(bottomRows(rows, 20), text)),
};

/** Not dim, and in the colours of its owner's theme: only its words tell it from a draft. */
const placeholder = /^(?:Type your message or @path\/to\/file|Press '.*' for .* mode\.)$/i;

/** The box is the lowest ` > ` (` * ` when nothing is asked, ` ! ` for a shell) below a rule. */
function input(rows: readonly ScreenRow[]): string | null {
  if (isQuestion(rows)) return null;
  const at = rows.findLastIndex((row) => /^ [>*!] /.test(row.text));
  if (at < 0 || !rows.slice(Math.max(0, at - 4), at).some(isRule)) return null;
  const lines = [trimCells(rows[at]?.text.slice(3) ?? "")];
  for (const row of rows.slice(at + 1)) {
    // Between box and footer there is a row of half blocks, or of background alone.
    if (trimCells(row.text) === "" || isRule(row) || !row.text.startsWith("   ")) break;
    lines.push(trimCells(row.text));
  }
  const text = lines.join("\n");
  return placeholder.test(text) ? "" : text;
}

function isRule(row: ScreenRow): boolean {
  return /^\s*[─▀▄]{20}/.test(row.text);
}

/** A marked choice with its number, inside a box. */
function isQuestion(rows: readonly ScreenRow[]): boolean {
  const bottom = bottomRows(rows, 16);
  return bottom.some((row) => /^[│\s]*● \d+\. /.test(row.text));
}

const launchWords = [
  "Do you want to trust the files in this folder",
  "Do you trust the files in this folder",
  "How would you like to authenticate",
  "Waiting for authentication",
];

function busy(rows: readonly ScreenRow[], title: string): boolean | null {
  if (title.startsWith("✦")) return true;
  if (title.startsWith("◇")) return false;
  if (bottomRows(rows, 12).some((row) => /\(esc to cancel, \d+/.test(row.text))) return true;
  return input(rows) === null ? null : false;
}
