// Does the program behind installed hooks still work? A hook whose files are gone or cut off ends
// in silence, by design, so somebody has to look: this does.
import { readText } from "../sys/files.ts";
import type { HookPlace, SettingsPlug } from "../tools/tool.ts";

/** A broken one is told in a sentence; empty when all of them answer as ours. */
export function programObstacles(plug: SettingsPlug, { configDir }: HookPlace): string[] {
  const programs = new Map<string, readonly string[]>();
  for (const file of plug.files({ configDir })) {
    for (const words of file.programs?.(readText(file.path) ?? "") ?? []) {
      programs.set(words.join(" "), words);
    }
  }
  return [...programs.values()].flatMap((words) => programFault(words, again));
}

const again = "install hcom again, then hcom hooks add";

const answerMs = 5_000;

/** What is wrong with the program that a hook runs, and what to do about it. */
export function programFault(words: readonly string[], remedy: string): string[] {
  const main = words.at(-1) ?? "";
  try {
    const run = Bun.spawnSync([...words, "--version"], {
      cwd: "/",
      stdin: "ignore",
      stderr: "ignore",
      timeout: answerMs,
    });
    if (run.exitCode === 0 && /^hcom \d/.test(run.stdout.toString())) return [];
    return [
      `${main}, which its hooks run, is damaged or no hcom (exit ${run.exitCode}): ${remedy}`,
    ];
  } catch {
    return [`${words[0]}, which runs its hooks, is gone: ${remedy}`];
  }
}
