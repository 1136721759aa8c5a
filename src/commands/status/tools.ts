// The agent programs: is it there, whose hooks stand in its settings, and do they run.
import { type HookResult, hooksStatus } from "../../hooks/install.ts";
import { hookObstacles } from "../../hooks/per-run.ts";
import { findBinary } from "../../sys/binary.ts";
import type { System } from "../../sys/system.ts";
import { toolNames, tools } from "../../tools/index.ts";

export interface ToolFacts {
  installed: boolean;
  /** Of those in its settings. */
  hooks: "installed" | "not_running" | "out_of_date" | "not_installed" | "refused";
  /** How a session that hcom launches gets its hooks: those that stand there, or passed to it. */
  hook_mode: "settings" | "per_run";
  /** Why hooks do not run. */
  hook_obstacles: string[];
}

export async function toolFacts(system: System): Promise<Record<string, ToolFacts>> {
  const states = await hooksStatus(system);
  const facts = toolNames.map(async (name): Promise<[string, ToolFacts]> => {
    const tool = await tools[name]();
    const { passesHooks } = (await tool.settings()).perRun;
    const state = states.find((one) => one.tool === name);
    const isStanding = state?.standing !== undefined;
    const obstacles = await hookObstacles(system, tool, {
      directory: system.cwd,
      // Where none stand, a launch passes them, and asks the tool itself.
      arePassed: !isStanding,
      asksTool: isStanding,
    });
    const word = hooksWord(state);
    return [
      name,
      {
        installed: findBinary(tool.binary, system.env) !== undefined,
        hooks: word === "installed" && obstacles.length > 0 ? "not_running" : word,
        hook_mode: state?.standing === "ours" || !passesHooks ? "settings" : "per_run",
        hook_obstacles: obstacles,
      },
    ];
  });
  return Object.fromEntries(await Promise.all(facts));
}

function hooksWord(state: HookResult | undefined): ToolFacts["hooks"] {
  if (state?.error !== undefined) return "refused";
  if (state?.wasInPlace === true) return "installed";
  return state?.standing === "ours" ? "out_of_date" : "not_installed";
}
