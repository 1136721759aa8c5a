// An agent that has its name, its row and its environment, and only has to be started.
import { ownProgram } from "../sys/program.ts";
import type { LaunchPlan } from "./plan.ts";

export interface Ready {
  name: string;
  processId: string;
  env: Record<string, string>;
  /** Arguments of the tool. */
  argv: string[];
  configDir: string;
  logFile: string | undefined;
}

/** The words that run the wrapper around the tool. */
export function wrapperWords(plan: LaunchPlan, ready: Ready): string[] {
  return [...ownProgram(), "pty", plan.tool.name, "--", plan.binary, ...ready.argv];
}
