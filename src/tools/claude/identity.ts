// Who Claude Code is: names, proofs in the environment and hook commands. Loaded with the registry
// on every start of the program, so data only.
import type { Env } from "../../core/env.ts";

export const name = "claude";
export const label = "Claude";
export const aliases = ["claude-pty", "claude-code"] as const;

/** Claude Code 2.1.329 puts these into the environment of its hooks, shells and MCP servers. */
export const markers: { env: string; equals?: string }[] = [
  { env: "CLAUDECODE", equals: "1" },
  { env: "CLAUDE_ENV_FILE" },
  { env: "CLAUDE_CODE_SESSION_ID" },
  { env: "CLAUDE_PID" },
  { env: "CLAUDE_CODE_MESSAGING_SOCKET" },
  { env: "CLAUDE_CODE_MESSAGING_TOKEN" },
];

export const restartsItself = false;

/** Hook command of ours -> Claude's event. All of them exist in 2.1.216 and in 2.1.329. */
export const hooks = {
  sessionstart: "SessionStart",
  userpromptsubmit: "UserPromptSubmit",
  pre: "PreToolUse",
  post: "PostToolUse",
  "post-failure": "PostToolUseFailure",
  batch: "PostToolBatch",
  "permission-request": "PermissionRequest",
  "permission-denied": "PermissionDenied",
  poll: "Stop",
  "stop-failure": "StopFailure",
  notify: "Notification",
  "subagent-start": "SubagentStart",
  "subagent-stop": "SubagentStop",
  bell: "FileChanged",
  sessionend: "SessionEnd",
} as const;

/**
 * After an action: what they say is mail, and what they learn is that an approval was given. Claude
 * Code 2.1.216 and 2.1.329 do not mind that a hook leaves 100 KB of its input unread.
 */
export const mailHooks: readonly string[] = ["post", "batch"];

/** Hooks behind an action: each is a pause of the agent in the middle of its work. */
export const actionHooks: readonly string[] = ["post", "post-failure", "batch"];
/** Claude Code 2.1 gives all SessionEnd hooks together 1.5 s. */
export const sessionEndHook = "sessionend";

export type ClaudeHook = keyof typeof hooks;

export function isClaudeHook(hook: string): hook is ClaudeHook {
  return Object.hasOwn(hooks, hook);
}

export const actions = {
  shell: ["Bash", "PowerShell"],
  file: ["Write", "Edit", "NotebookEdit"],
  delegate: ["Task", "Agent"],
} as const;

/** Where hooks and commands find the session's id (2.1.216 and later). */
export const sessionVariable = "CLAUDE_CODE_SESSION_ID";

/** The session id as a command sees it that runs inside. */
export function sessionOf(env: Env): string | undefined {
  return env[sessionVariable] || env["HCOM_CLAUDE_UNIX_SESSION_ID"] || undefined;
}

/** What Claude calls the tools of our MCP server by: `mcp__<server>__<tool>`. */
export const ownTools = "mcp__hcom__";
