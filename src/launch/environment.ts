// The environment of a launched agent: what the caller has, without what belongs to another agent
// or another terminal, plus what makes the new one known to us.
import { parseEnvFile } from "../config/env-file.ts";
import type { Paths } from "../config/paths.ts";
import type { Settings } from "../config/settings.ts";
import { readText } from "../sys/files.ts";
import { ownBinDir } from "../sys/program.ts";
import type { System } from "../sys/system.ts";
import { allMarkers } from "../tools/index.ts";
import type { RunKind, Tool } from "../tools/tool.ts";

/** What says "you are that agent": never inherited by another one. */
const identityVariables = [
  "HCOM_PROCESS_ID",
  "HCOM_LAUNCHED",
  "HCOM_PTY_MODE",
  "HCOM_BACKGROUND",
  "HCOM_LAUNCHED_BY",
  "HCOM_LAUNCH_BATCH_ID",
  "HCOM_LAUNCH_EVENT_ID",
  "HCOM_INSTANCE_NAME",
  "HCOM_IS_FORK",
  "HCOM_LAUNCHED_PRESET",
  "HCOM_PANE_VARIABLES",
  "HCOM_GO",
  "HCOM_CLAUDE_ACTOR",
  "HCOM_CLAUDE_ACTOR_SESSION",
  "HCOM_CLAUDE_UNIX_SESSION_ID",
] as const;

/** Panes and windows of the caller's terminal: wrong for an agent that lives elsewhere. */
const terminalVariables = [
  "CMUX_WORKSPACE_ID",
  "CMUX_SURFACE_ID",
  "TMUX",
  "TMUX_PANE",
  "ZELLIJ",
  "ZELLIJ_PANE_ID",
  "ZELLIJ_SESSION_NAME",
  "KITTY_WINDOW_ID",
  "KITTY_PID",
  "KITTY_LISTEN_ON",
  "WEZTERM_PANE",
  "WEZTERM_UNIX_SOCKET",
  "WAVETERM_BLOCKID",
  "GHOSTTY_RESOURCES_DIR",
  "ITERM_SESSION_ID",
  "ALACRITTY_WINDOW_ID",
  "GNOME_TERMINAL_SCREEN",
  "GNOME_TERMINAL_SERVICE",
  "XTERM_VERSION",
  "KONSOLE_DBUS_WINDOW",
  "TERMINATOR_UUID",
  "TILIX_ID",
  "WT_SESSION",
  "TERM_PROGRAM",
  "TERM_SESSION_ID",
] as const;

export interface AgentEnvironment {
  name: string;
  processId: string;
  tool: Tool;
  tag: string;
  launchedBy: string;
  batchId: string;
  /** Newest event at the time of the launch: the initial cursor. */
  launchEventId: number;
  /** True when it runs in the caller's own terminal. */
  isHere: boolean;
  logFile: string | undefined;
  kind: Exclude<RunKind, "plain">;
}

export function environmentOf(
  system: System,
  paths: Paths,
  settings: Settings,
  agent: AgentEnvironment,
): Record<string, string> {
  const drop = new Set(notInherited(agent.tool, agent.isHere));
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(system.env)) {
    if (value !== undefined && !drop.has(key)) env[key] = value;
  }
  for (const [key, value] of parseEnvFile(readText(paths.env) ?? readText(paths.configEnv) ?? "")) {
    if (!key.startsWith("HCOM_")) env[key] = value;
  }
  return { ...env, ...ownVariables(paths, settings, agent, env) };
}

/** What must not come from around: names that a shell can unset. */
export function notInherited(tool: Tool, isHere: boolean): string[] {
  const foreign = isHere ? [] : terminalVariables;
  return [...identityVariables, ...allMarkers, ...tool.launch.stripEnv, ...foreign];
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
    ...(agent.kind === "one-shot" ? {} : tool.launch.env),
    PATH: [ownBinDir(), ...(base["PATH"] ?? "/usr/bin:/bin").split(":")]
      .filter((folder, at, all) => all.indexOf(folder) === at)
      .join(":"),
  };
}
