// A private tmux server for tests that drive terminal programs. It reads no tmux configuration and
// keeps a pane after its program ended, so that a failing test can still show the last screen.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { killTree } from "./processes.ts";
import { until } from "./until.ts";

export interface Pane {
  /** Process id of the program itself: nothing stands between it and tmux. */
  pid: number;
  type(text: string): void;
  enter(): void;
  /** A key by its tmux name: `Escape`, `Down`, `C-c`. */
  key(name: string): void;
  /** Types, and presses Enter once the text stands on the screen. */
  submit(text: string): Promise<void>;
  capture(): string;
  /** With its scrollback. */
  history(): string;
  resize(columns: number, rows: number): void;
  title(): string;
  kill(): void;
}

export interface Look {
  columns?: number;
  rows?: number;
  /** The program is to know that it is in tmux, and in which pane. */
  isInside?: boolean;
}

export interface Tmux {
  /** What `TMUX` tells programs inside, which a pane's exact environment lacks. */
  variable: string;
  /** Runs `command` with exactly this environment. */
  newPane(command: string[], env: Record<string, string>, cwd: string, look?: Look): Pane;
  /** Answers a tmux command's words. */
  ask(...words: string[]): string;
  [Symbol.dispose](): void;
}

export function startTmux(): Tmux {
  const tmux = Bun.which("tmux");
  if (tmux === null) throw new Error("tmux is not installed; on Debian: apt-get install tmux");
  // A short path of our own: the socket's path has to fit into 104 bytes.
  const dir = mkdtempSync("/tmp/ht-");
  const base = [tmux, "-S", join(dir, "s"), "-f", "/dev/null"];
  const run = (...args: string[]): string => runTmux(base, args);
  run(
    "start-server",
    ";",
    "set",
    "-g",
    "exit-empty",
    "off",
    ";",
    "set",
    "-g",
    "remain-on-exit",
    "on",
  );
  const serverPid = Number(run("display-message", "-p", "#{pid}"));
  const panes: Pane[] = [];
  return {
    variable: `${join(dir, "s")},${serverPid},0`,
    ask: run,
    newPane(command, env, cwd, look = {}) {
      const pane = openPane(run, command, { TERM: "xterm-256color", ...env }, { cwd, ...look });
      panes.push(pane);
      return pane;
    },
    [Symbol.dispose]() {
      for (const pane of panes) pane.kill();
      killTree(serverPid);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Codex takes an Enter within 0.2 s of text for a pasted newline. */
const pasteMs = 250;

/** However it is broken into lines and framed. */
function showsEndOf(screen: string, text: string): boolean {
  const bare = (one: string) => one.replace(/[^\p{L}\p{N}]/gu, "");
  return bare(screen).includes(bare(text).slice(-24));
}

function openPane(
  run: (...args: string[]) => string,
  command: string[],
  env: Record<string, string>,
  { cwd, columns = 120, rows = 40, isInside = false }: Look & { cwd: string },
): Pane {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const size = ["-x", String(columns), "-y", String(rows)];
  const format = ["-P", "-F", "#{pane_id} #{pane_pid}"];
  const clean = isInside
    ? ["sh", "-c", 'exec env -i TMUX="$TMUX" TMUX_PANE="$TMUX_PANE" "$@"', "sh"]
    : ["env", "-i"];
  const opened = run(
    "new-session",
    "-d",
    ...size,
    ...format,
    "-c",
    cwd,
    "--",
    ...clean,
    ...variables,
    ...command,
  );
  const [id = "", pid = "0"] = opened.split(" ");
  const pane: Pane = {
    pid: Number(pid),
    type: (text) => void run("send-keys", "-t", id, "-l", "--", text),
    enter: () => void run("send-keys", "-t", id, "Enter"),
    key: (name) => void run("send-keys", "-t", id, name),
    async submit(text) {
      const before = pane.capture();
      pane.type(text);
      const isShown = () => showsEndOf(pane.capture(), text) && pane.capture() !== before;
      // What a program hides, or folds away as pasted, is not waited for.
      await until(isShown, { timeoutMs: 3000, what: text }).catch(() => {});
      await Bun.sleep(pasteMs);
      pane.enter();
    },
    history: () => run("capture-pane", "-p", "-S", "-", "-t", id).trimEnd(),
    resize: (columns, rows) =>
      void run("resize-window", "-t", id, "-x", `${columns}`, "-y", `${rows}`),
    capture: () => run("capture-pane", "-p", "-t", id).trimEnd(),
    title: () => run("display-message", "-p", "-t", id, "#{pane_title}"),
    kill: () => killTree(pane.pid),
  };
  return pane;
}

function runTmux(base: string[], args: string[]): string {
  const result = Bun.spawnSync([...base, ...args]);
  if (!result.success) throw new Error(`tmux ${args[0]}: ${result.stderr.toString().trim()}`);
  return result.stdout.toString().trimEnd();
}
