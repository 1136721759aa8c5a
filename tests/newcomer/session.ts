// Plays a page of keystrokes and shown lines on terminals. `$ line` is typed at a shell, `> line`
// to the agent, `[Key]` is pressed, anything else has to be seen, in this order; `…` stands for
// whatever differs. Names of terminals and `#numbers` are the page's own: they are bound to the real
// ones as these appear.
import type { Pane, Tmux } from "../kit/tmux.ts";
import { until } from "../kit/until.ts";

export interface Session {
  follow(terminal: string, lines: readonly string[]): Promise<void>;
}

export interface SessionOptions {
  tmux: Tmux;
  env: Record<string, string>;
  cwd: string;
}

const patienceMs = 15_000;

export function openSession(options: SessionOptions): Session {
  const panes = new Map<string, Pane>();
  /** The page's word -> the real one. */
  const bound = new Map<string, string>();
  const agents = (): string[] => {
    const run = Bun.spawnSync(["bash", "-c", "hcom list --names"], {
      env: options.env,
      cwd: options.cwd,
    });
    return run.stdout.toString().split("\n").filter(Boolean);
  };
  // At once: a real name may be one of the page's names for another.
  const real = (line: string) => {
    const words = [...bound.keys()].map((word) => (word.startsWith("#") ? word.slice(1) : word));
    if (words.length === 0) return line;
    const any = new RegExp(`(?<!\\w)(${words.join("|")})\\b`, "g");
    return line.replace(any, (word) => bound.get(word) ?? bound.get(`#${word}`) ?? word);
  };

  async function launched(name: string, pane: Pane): Promise<void> {
    const known = new Set(bound.values());
    const found = await until(() => agents().find((one) => !known.has(one)), {
      timeoutMs: patienceMs,
      what: `${name} to be there`,
      dump: pane.capture,
    });
    bound.set(name, found);
  }

  async function act(name: string, line: string, pane: Pane): Promise<void> {
    if (/^\[\w+\]$/.test(line)) pane.key(line.slice(1, -1));
    else if (line.startsWith("> ")) await pane.submit(real(line.slice(2)));
    else {
      // An agent that has just been ended gives its terminal back a moment later.
      await untilShell(pane);
      pane.key("C-l");
      await pane.submit(real(line.slice(2)));
      if (/^\$ hcom (claude|codex)$/.test(line)) await launched(name, pane);
    }
  }

  async function see(lines: readonly string[], pane: Pane): Promise<void> {
    const pattern = lines.map((line) => patternOf(real(line), bound)).join("[^]*?\\n");
    const expected = new RegExp(`^${pattern}`, "m");
    const found = await until(() => expected.exec(pane.capture()), {
      timeoutMs: patienceMs,
      what: `${lines.join("\n")}\n  as ${expected}`,
      dump: pane.capture,
    });
    for (const [key, value] of Object.entries(found.groups ?? {})) {
      bound.set(`#${key.slice(1)}`, value);
    }
  }

  return {
    async follow(terminal, lines) {
      const pane = panes.get(terminal) ?? (await openPane(options));
      panes.set(terminal, pane);
      let shown: string[] = [];
      for (const line of lines) {
        if (!/^([$>] |\[\w+\]$)/.test(line)) {
          shown.push(line);
          continue;
        }
        if (shown.length > 0) await see(shown, pane);
        shown = [];
        await act(terminal, line, pane);
      }
      if (shown.length > 0) await see(shown, pane);
      else await untilShell(pane);
    },
  };
}

/** The prompt may stand on what an agent has left on the screen. */
async function untilShell(pane: Pane): Promise<void> {
  const isThere = () => /(^|\n)\$[^\n]*$/.test(pane.capture().trimEnd());
  await until(isThere, { timeoutMs: patienceMs, what: "a prompt", dump: pane.capture });
}

async function openPane(options: SessionOptions): Promise<Pane> {
  const pane = options.tmux.newPane(["bash", "--norc"], options.env, options.cwd);
  await until(() => pane.capture().includes("$"), { timeoutMs: patienceMs, what: "a shell" });
  return pane;
}

/** Blanks may be more, `…` is anything on the line, and a number without a value becomes a group. */
function patternOf(line: string, bound: ReadonlyMap<string, string>): string {
  const groups = new Set<string>();
  return line
    .trim()
    .split(/(…|\s+|#\d+)/)
    .map((part) => {
      if (part === "…") return ".*";
      if (/^\s+$/.test(part)) return "\\s*";
      const isFree = /^#\d+$/.test(part) && ![...bound.values()].includes(part.slice(1));
      if (!isFree || groups.has(part)) return RegExp.escape(part);
      groups.add(part);
      return `#(?<n${part.slice(1)}>\\d+)`;
    })
    .join("");
}
