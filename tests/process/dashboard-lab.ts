// The dashboard in a window of tmux, as a person has it: keys in, frames out.
import type { startTmux } from "../kit/tmux.ts";
import { until } from "../kit/until.ts";
import { launcher } from "./programs.ts";

type Tmux = ReturnType<typeof startTmux>;

export interface Dashboard extends Disposable {
  keys(...names: string[]): void;
  type(text: string): void;
  /** The frame once it holds all of these. */
  shows(...texts: string[]): Promise<string>;
  pane: ReturnType<Tmux["newPane"]>;
}

interface Place {
  dir: string;
  env: Record<string, string>;
  argv: string;
  /** It knows that it is in tmux. */
  isInside?: boolean;
}

/** Below a shell that tells how it ended and whether its terminal is as it was. */
export async function openDashboard(
  tmux: Tmux,
  { dir, env, argv, isInside = false }: Place,
): Promise<Dashboard> {
  const script =
    `echo scrolled-before; stty -g > ${dir}/before; sh ${launcher} ${argv}; ` +
    `echo "left with $?"; stty -g | cmp - ${dir}/before && echo as-it-was; exec sleep 600`;
  const pane = tmux.newPane(["sh", "-c", script], env, dir, { isInside });
  const dashboard: Dashboard = {
    pane,
    keys: (...names) => {
      for (const name of names) pane.key(name);
    },
    type: (text) => pane.type(text),
    shows: (...texts) =>
      until(() => texts.every((text) => pane.capture().includes(text)) && pane.capture(), {
        timeoutMs: 15_000,
        what: texts.join(" and "),
        dump: () => pane.history(),
      }),
    [Symbol.dispose]: () => pane.kill(),
  };
  await dashboard.shows("? help");
  return dashboard;
}
