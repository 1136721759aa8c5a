// Why the hooks of one session do not run: what its tool's settings, its arguments and the program
// behind the hooks say. Asked only where they are known to be silent: it takes a while.
import { toolConfigEnv } from "../config/paths.ts";
import { type Instance, launchContextOf } from "../core/instance.ts";
import { asTexts, parseJson } from "../core/json.ts";
import type { System } from "../sys/system.ts";
import { findTool } from "../tools/index.ts";
import { hooksStatus } from "./install.ts";
import { hookObstacles } from "./per-run.ts";

/** A sentence each; empty when nothing that can be seen from here is in their way. */
export async function sessionObstacles(system: System, row: Instance): Promise<string[]> {
  const tool = await findTool(row.tool);
  if (tool === undefined) return [];
  const { config_dir: configDir } = launchContextOf(row);
  const env = { ...system.env, ...toolConfigEnv(tool, configDir) };
  const session = { ...system, env };
  const [state] = await hooksStatus(session, [tool.name]);
  const areThere = state?.standing !== undefined;
  return hookObstacles(session, tool, {
    directory: row.directory ?? system.cwd,
    args: asTexts(parseJson(row.launch_args)),
    // Where none stand its launch has passed them, and only that run could ask the tool.
    arePassed: !areThere,
    asksTool: areThere,
  });
}
