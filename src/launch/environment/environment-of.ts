// The environment of a launched agent: what it inherits, plus what makes it known to us.
import type { Paths } from "../../config/paths.ts";
import type { Settings } from "../../config/settings.ts";
import { ownBinDir } from "../../sys/program.ts";
import type { RunKind, Tool } from "../../tools/tool.ts";

export interface AgentEnvironment {
  name: string;
  processId: string;
  tool: Tool;
  tag: string;
  launchedBy: string;
  batchId: string;
  /** Newest event at the time of the launch: the initial cursor. */
  launchEventId: number;
  logFile: string | undefined;
  kind: Exclude<RunKind, "plain">;
}

/** `base`: what it inherits, see `base-of.ts`. */
export function environmentOf(
  base: Readonly<Record<string, string>>,
  paths: Paths,
  settings: Settings,
  agent: AgentEnvironment,
): Record<string, string> {
  return { ...base, ...ownVariables(paths, settings, agent, base) };
}

function ownVariables(
  paths: Paths,
  settings: Settings,
  agent: AgentEnvironment,
  base: Readonly<Record<string, string>>,
): Record<string, string> {
  const { tool } = agent;
  const export_ = settings.text("name_export");
  return {
    // First, so that it cannot stand for one of ours.
    ...(export_ === "" ? {} : { [export_]: agent.name }),
    HCOM_LAUNCHED: "1",
    HCOM_PROCESS_ID: agent.processId,
    HCOM_INSTANCE_NAME: agent.name,
    HCOM_TOOL: tool.name,
    HCOM_DIR: paths.dir,
    HCOM_LAUNCHED_BY: agent.launchedBy,
    HCOM_LAUNCH_BATCH_ID: agent.batchId,
    HCOM_LAUNCH_EVENT_ID: String(agent.launchEventId),
    ...(agent.tag === "" ? {} : { HCOM_TAG: agent.tag }),
    ...(agent.logFile === undefined ? {} : { HCOM_BACKGROUND: agent.logFile }),
    ...(agent.logFile === undefined ? {} : ownTerminal(base)),
    ...(agent.kind === "one-shot" ? {} : tool.launch.env),
    PATH: pathWithOwn(base["PATH"]),
  };
}

/** Its terminal is ours, whatever its caller's is, if it has any. */
function ownTerminal({ TERM }: Readonly<Record<string, string>>): { TERM?: string } {
  return TERM === undefined || TERM === "dumb" ? { TERM: "xterm-256color" } : {};
}

/** The agent finds us first, and everything else where it was. */
function pathWithOwn(path = "/usr/bin:/bin"): string {
  return [ownBinDir(), ...path.split(":").filter((folder) => folder !== ownBinDir())].join(":");
}
