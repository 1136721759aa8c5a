// What the fake agent shows: Claude Code's box between two rules, its footer, its spinner and its
// approval dialog, as src/tools/claude/screen.ts knows them. State in, bytes out.

export interface Picture {
  /** Lines of the conversation, oldest first. */
  lines: readonly string[];
  draft: string;
  state: "idle" | "busy" | "waiting";
  /** Command that the open approval dialog is about. */
  question: string | undefined;
  version: string;
  cwd: string;
  /** Turns the spinner. */
  tick: number;
}

export interface Size {
  cols: number;
  rows: number;
}

const spinner = ["·", "✢", "✳", "✶", "✻", "✽"];

export function paint(picture: Picture, size: Size): string {
  const bottom = picture.question === undefined ? box(picture, size) : dialog(picture, size);
  const head = [`  Claude Code v${picture.version}`, `  fake agent · ${picture.cwd}`, ""];
  const above = [...head, ...picture.lines.flatMap((line) => wrap(line, size.cols))];
  const room = Math.max(0, size.rows - bottom.length);
  const shown = above.slice(-room);
  const blank = Array.from({ length: Math.max(0, room - shown.length) }, () => "");
  const rows = [...shown, ...blank, ...bottom].slice(-size.rows);
  const title = `${picture.state === "busy" ? "◑" : "✳"} Claude Code`;
  const body = rows.map((row) => `${row}\x1b[K`).join("\r\n");
  return `\x1b]0;${title}\x07\x1b[?25l\x1b[H${body}\x1b[J${cursor(picture, size, rows.length)}`;
}

function box(picture: Picture, size: Size): string[] {
  const rule = `\x1b[38;5;244m${"─".repeat(size.cols)}\x1b[39m`;
  const [first = "", ...more] = draftLines(picture.draft, size.cols);
  const thinking =
    picture.state === "busy"
      ? [`${spinner[picture.tick % spinner.length]} Concocting… (${picture.tick} ticks)`, ""]
      : [""];
  return [
    ...thinking,
    rule,
    `❯\u00a0${first}`,
    ...more.map((line) => `  ${line}`),
    rule,
    `  \x1b[38;5;246m${footer(picture)}\x1b[39m`,
  ];
}

/** The hint about shortcuts leaves while something is typed. */
function footer(picture: Picture): string {
  const mode = "⏸ manual mode on";
  if (picture.state === "busy") return `${mode} · esc to interrupt`;
  return picture.draft === "" ? `${mode} · ? for shortcuts · ← for agents` : mode;
}

function dialog(picture: Picture, size: Size): string[] {
  const dots = "╌".repeat(size.cols);
  return [
    "─".repeat(size.cols),
    " Bash command",
    dots,
    ` ${(picture.question ?? "").slice(0, size.cols - 2)}`,
    dots,
    " Do you want to proceed?",
    " ❯ 1. Yes",
    "   2. Yes, and always allow this",
    "   3. No",
    " Esc to cancel · Tab to amend",
  ];
}

function cursor(picture: Picture, size: Size, rows: number): string {
  if (picture.question !== undefined) return "";
  const lines = draftLines(picture.draft, size.cols);
  // Below the last line of the draft stand one rule and the footer.
  const row = rows - 2;
  const column = Math.min(size.cols, 3 + Bun.stringWidth(lines.at(-1) ?? ""));
  return `\x1b[${row};${column}H\x1b[?25h`;
}

function draftLines(draft: string, cols: number): string[] {
  return draft.split("\n").flatMap((line) => wrap(line, cols - 3));
}

function wrap(line: string, cols: number): string[] {
  const rows: string[] = [];
  for (let rest = line; rest !== ""; rest = rest.slice(Math.max(1, cols - 1))) {
    rows.push(rest.slice(0, Math.max(1, cols - 1)));
  }
  return rows.length === 0 ? [""] : rows;
}
