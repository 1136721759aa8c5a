// The fake agent's side of the terminal: what is drawn, the draft in the box, the open dialog,
// and the keys that change them.
import { type Key, keyReader } from "./keys.ts";
import { type Picture, paint } from "./screen.ts";

const { stdin, stdout } = process;

export interface Terminal {
  draft(): string;
  hasQuestion(): boolean;
  change(next: Partial<Picture>): void;
  show(line: string): void;
  ask(command: string): Promise<boolean>;
  answer(isYes: boolean): void;
}

const mostLines = 500;

export function openTerminal(version: string): Terminal {
  let picture: Picture = {
    lines: [],
    draft: "",
    state: "idle",
    question: undefined,
    version,
    cwd: process.cwd(),
    tick: 0,
  };
  let answered: (isYes: boolean) => void = () => {};
  const change = (next: Partial<Picture>) => {
    picture = { ...picture, ...next };
    stdout.write(paint(picture, { cols: stdout.columns || 80, rows: stdout.rows || 24 }));
  };
  stdout.write("\x1b[?2004h\x1b[2J");
  change({});
  stdout.on("resize", () => change({}));
  setInterval(() => {
    if (picture.state === "busy") change({ tick: picture.tick + 1 });
  }, 150);
  return {
    draft: () => picture.draft,
    hasQuestion: () => picture.question !== undefined,
    change,
    show: (line) => change({ lines: [...picture.lines, ...line.split("\n")].slice(-mostLines) }),
    ask(command) {
      change({ question: command });
      return new Promise((resolve) => {
        answered = resolve;
      });
    },
    answer(isYes) {
      change({ question: undefined });
      answered(isYes);
    },
  };
}

export interface KeyTargets {
  submit(text: string): void;
  interrupt(): void;
  isBusy(): boolean;
  leave(): void;
}

export function listenToKeys(terminal: Terminal, targets: KeyTargets): void {
  const read = keyReader();
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.on("data", (chunk: string) => {
    for (const key of read(chunk)) {
      if (key.kind === "suspend") suspend(terminal);
      else if (terminal.hasQuestion()) answer(key, terminal);
      else press(key, terminal, targets);
    }
  });
}

/** As Claude Code 2.1.332: it tidies up, says so and stops itself, and paints anew later. */
function suspend(terminal: Terminal): void {
  if (stdin.isTTY) stdin.setRawMode(false);
  stdout.write("\x1b[?2004l\x1b[2J\x1b[HThe fake agent is suspended.\r\n");
  process.once("SIGCONT", () => {
    if (stdin.isTTY) stdin.setRawMode(true);
    stdout.write("\x1b[?2004h\x1b[2J");
    terminal.change({});
  });
  process.kill(0, "SIGTSTP");
}

function press(key: Key, terminal: Terminal, targets: KeyTargets): void {
  const draft = terminal.draft();
  if (key.kind === "text") terminal.change({ draft: draft + key.text });
  else if (key.kind === "backspace") terminal.change({ draft: [...draft].slice(0, -1).join("") });
  else if (key.kind === "enter") submit(draft, terminal, targets);
  else if (key.kind === "escape" && targets.isBusy()) targets.interrupt();
  else if ((key.kind === "interrupt" || key.kind === "end") && draft === "") targets.leave();
  else terminal.change({ draft: "" });
}

function submit(draft: string, terminal: Terminal, targets: KeyTargets): void {
  if (draft.trim() === "") return;
  terminal.change({ draft: "" });
  if (draft.trim() === "/exit") targets.leave();
  else targets.submit(draft);
}

/** "1" or Enter says yes, "3" or Esc says no; everything else is ignored. */
function answer(key: Key, terminal: Terminal): void {
  if (key.kind === "enter") terminal.answer(true);
  else if (key.kind === "escape" || key.kind === "interrupt") terminal.answer(false);
  else if (key.kind === "text" && /^[12yY]/.test(key.text)) terminal.answer(true);
  else if (key.kind === "text" && /^[3nN]/.test(key.text)) terminal.answer(false);
}
