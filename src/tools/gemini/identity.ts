// Who Gemini CLI is: names, proofs in the environment and hook commands. Loaded with the registry
// on every start of the program, so data only.
import type { Env } from "../../core/env.ts";

export const name = "gemini";
export const label = "Gemini CLI";
export const aliases = ["gemini-cli"] as const;

/** Gemini CLI 0.61.0: the first in the shells of its agents, the second in its hooks as well. */
export const markers: { env: string; equals?: string }[] = [
  { env: "GEMINI_CLI", equals: "1" },
  { env: "GEMINI_SESSION_ID" },
];

/** Hook command of ours -> Gemini's event. */
export const hooks = {
  "gemini-sessionstart": "SessionStart",
  "gemini-beforeagent": "BeforeAgent",
  "gemini-beforetool": "BeforeTool",
  "gemini-aftertool": "AfterTool",
  "gemini-notification": "Notification",
  "gemini-afteragent": "AfterAgent",
  "gemini-sessionend": "SessionEnd",
} as const;

/** Its process starts the one that works as its child, with the memory that it wants (0.61.0). */
export const restartsItself = true;

/** None: what Gemini does when a hook does not read its input to the end was not tried. */
export const mailHooks: readonly string[] = [];

export const actionHooks: readonly string[] = ["gemini-aftertool"];
export const sessionEndHook = "gemini-sessionend";

export type GeminiHook = keyof typeof hooks;

export function isGeminiHook(hook: string): hook is GeminiHook {
  return Object.hasOwn(hooks, hook);
}

export const actions = {
  shell: ["run_shell_command"],
  file: ["write_file", "replace"],
  delegate: ["invoke_agent"],
} as const;

/** Its shells do not tell; a program that runs below a hook sees it. */
export function sessionOf(env: Env): string | undefined {
  return env["GEMINI_SESSION_ID"] || undefined;
}

/** What Gemini calls the tools of our MCP server by: `mcp_<server>_<tool>`. */
export const ownTools = "mcp_hcom_";
