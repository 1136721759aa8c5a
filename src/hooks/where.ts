// Where a tool's settings and our own files are, for everything that edits settings.
import { type Paths, pathsOf, toolConfigDir } from "../config/paths.ts";
import { lazySettings } from "../config/settings.ts";
import type { System } from "../sys/system.ts";
import type { Tool } from "../tools/tool.ts";

export interface Where {
  configDir: string;
  paths: Paths;
}

export function whereOf({ env, cwd }: System, tool: Tool): Where {
  const paths = pathsOf(env, cwd);
  return {
    configDir: toolConfigDir(tool, env, { paths, settings: lazySettings(paths, env) }),
    paths,
  };
}
