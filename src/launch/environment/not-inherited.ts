// What an agent must not get from around: names that a shell can unset, and those that a run of a
// build gives its children.
import { allMarkers } from "../../tools/index.ts";
import type { Tool } from "../../tools/tool.ts";

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
  "HCOM_MOD_SOCKET",
  "HCOM_MOVED_DIRS",
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

/** `isHere`: it runs in the caller's own terminal. */
export function notInherited(tool: Tool, isHere: boolean): string[] {
  const foreign = isHere ? [] : [...terminalVariables, "HCOM_TERMINAL"];
  return [...identityVariables, ...allMarkers, ...tool.launch.stripEnv, ...foreign];
}

/**
 * What a build machine tells its jobs: programs that see it ask nobody and draw no screen, and an
 * agent on a terminal of its own is no job. Also what npm and Cargo tell of the very script or
 * crate that they run.
 */
const ofBuild = [
  /^(?:CI|CI_NAME|CONTINUOUS_INTEGRATION|BUILD_NUMBER|RUN_ID|TEAMCITY_VERSION|TF_BUILD)$/,
  /^(?:GITHUB_ACTIONS|GITLAB_CI|BUILDKITE|CIRCLECI|TRAVIS)$/,
  /^npm_(?:lifecycle_.*|package_.*|command)$/,
  /^CARGO_(?:PKG|MANIFEST|BIN|CRATE|PRIMARY)_/,
];

export function isOfBuild(name: string): boolean {
  return ofBuild.some((form) => form.test(name));
}
