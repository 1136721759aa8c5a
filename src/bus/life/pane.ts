// The pane that a launch opened for an agent: what its wrapper finds out about it, and closing it.
// A pane closes when its program has ended, unless its terminal is set to keep it.
import type { Env } from "../../core/env.ts";
import { type Instance, type LaunchContext, launchContextOf } from "../../core/instance.ts";
import type { Bus } from "../bus.ts";

/** Variables of a launch script: the terminal, and what of its variables a wrapper is to note. */
export const paneVariables = {
  preset: "HCOM_LAUNCHED_PRESET",
  names: "HCOM_PANE_VARIABLES",
} as const;

/** Seen from inside. The first of the variables holds the pane's id. */
export function paneIn(env: Env): LaunchContext {
  const preset = env[paneVariables.preset];
  if (!preset) return {};
  const names = (env[paneVariables.names] ?? "").split(" ").filter((name) => name !== "");
  const found = names.flatMap((name): [string, string][] => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const id = env[names[0] ?? ""];
  return {
    terminal_preset_effective: preset,
    ...(id ? { pane_id: id } : {}),
    ...(found.length === 0 ? {} : { env: Object.fromEntries(found) }),
  };
}

const patienceMs = 5000;

/** Asks its terminal to close what may be left. Most have closed it already, and then say so. */
export async function closePane(bus: Bus, row: Instance): Promise<void> {
  const context = launchContextOf(row);
  const { close_pane: words = [], env = {} } = context;
  const places: Readonly<Record<string, string | undefined>> = {
    pane_id: context.pane_id ?? context.terminal_id,
    pid: row.pid === null ? undefined : String(row.pid),
    process_id: context.process_id,
    id: context.terminal_id,
  };
  const filled = words.map((word) => filledIn(word, places));
  if (filled.length === 0 || filled.includes(undefined)) return;
  const argv = filled.flatMap((word) => word ?? []);
  try {
    const child = Bun.spawn(argv, {
      env: { ...bus.system.env, ...env },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
      timeout: patienceMs,
    });
    const [code, said] = await Promise.all([child.exited, child.stderr.text()]);
    note(bus, row.name, code === 0 ? "closed" : (said.trim().split("\n").at(-1) ?? ""));
  } catch (error) {
    note(bus, row.name, error instanceof Error ? error.message : String(error));
  }
}

/** Undefined where a place has no value. */
function filledIn(
  word: string,
  places: Readonly<Record<string, string | undefined>>,
): string | undefined {
  let isComplete = true;
  const filled = word.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (!Object.hasOwn(places, name)) return whole;
    isComplete &&= Boolean(places[name]);
    return places[name] ?? "";
  });
  return isComplete ? filled : undefined;
}

function note(bus: Bus, instance: string, msg: string): void {
  bus.system.log({ level: "info", subsystem: "bus", event: "pane", instance, msg });
}
