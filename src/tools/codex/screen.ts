// Codex's terminal: its composer, its questions, and the title that tells whether a turn runs.
// Recorded from 0.145.0, 0.169.0 and 0.171.0.
import { answerKeys, bottomRows, hasText, typedAfter } from "../screen-rows.ts";
import type { ScreenReader, ScreenRow } from "../tool.ts";

export const screen: ScreenReader = {
  // The footer is hidden in a narrow terminal, the composer's mark is not.
  readyText: "› ",
  startTimeoutMs: 5000,
  input,
  answers: answerKeys,
  approval,
  overlay,
  busy: (_rows, title) => busyByTitle(title),
  launchQuestion: (rows) => launchWords.some((text) => hasText(rows, text)),
};

/** The composer is the lowest `›` at the left edge; a dim text in it is the placeholder. */
function input(rows: readonly ScreenRow[]): string | null {
  if (overlay(rows)) return null;
  const at = rows.findLastIndex((row) => row.text.startsWith("›"));
  const row = rows[at];
  if (row === undefined) return null;
  const lines = [typedAfter(row, 1)];
  for (const below of rows.slice(at + 1)) {
    if (below.text.trim() === "") break;
    lines.push(typedAfter(below, 0));
  }
  return lines.filter((line) => line !== "").join("\n");
}

const approvalWords = [
  "allow command?",
  "press enter to confirm or esc to cancel",
  "enter to submit answer",
  "enter to submit all",
  "[y/n]",
  "yes (y)",
];

/** By the title, else by the words of the question below the last `›`. */
function approval(rows: readonly ScreenRow[], title: string): boolean {
  if (title.includes("Action Required")) return true;
  const at = rows.findLastIndex((row) => row.text.trimStart().startsWith("›"));
  const text = rows
    .slice(Math.max(at, 0))
    .map((row) => row.text.toLowerCase())
    .join("\n");
  const isViewer = ["↑/↓ to scroll", "q to quit", "esc to edit prev"].every((key) =>
    text.includes(key),
  );
  if (isViewer) return false;
  if (approvalWords.some((words) => text.includes(words))) return true;
  return text.includes("do you want to") && (text.includes("yes") || text.includes("❯"));
}

/**
 * A menu of its own (/model, /permissions, a picker) has its keys in the lowest rows, where the
 * composer's footer is otherwise, and marks its choice as the composer is marked.
 */
function overlay(rows: readonly ScreenRow[]): boolean {
  const foot = /^ +(?:press )?(?:enter|space) .*\besc\b/i;
  return bottomRows(rows, 2).some((row) => foot.test(row.text)) && !approval(rows, "");
}

/** Codex 0.169.0: a braille spinner leads the title for the whole turn, also while text streams. */
function busyByTitle(title: string): boolean | null {
  if (title === "") return null;
  return /^\s*[\u2801-\u28ff]/.test(title) || title.includes("Action Required");
}

const launchWords = ["Trust this folder?", "Hooks need review", "Do you trust the contents"];
