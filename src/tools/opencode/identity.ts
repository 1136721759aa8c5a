// Who OpenCode is: names, proofs in the environment and the events that our plugin tells. Loaded
// with the registry on every start of the program, so data only.
import type { Env } from "../../core/env.ts";

export const name = "opencode";
export const label = "OpenCode";
export const aliases = [] as const;

/** OpenCode 1.18.33 sets the first two for all that it starts; our plugin sets the last one. */
export const markers: { env: string; equals?: string }[] = [
  { env: "OPENCODE", equals: "1" },
  { env: "OPENCODE_PID" },
  { env: "HCOM_OPENCODE_SESSION" },
];

/** Hook command of ours -> the event as our plugin calls it, mostly with OpenCode's own word. */
export const hooks = {
  "opencode-session": "session",
  "opencode-prompt": "chat.message",
  "opencode-before": "tool.execute.before",
  "opencode-after": "tool.execute.after",
  "opencode-permission": "permission.asked",
  "opencode-question": "question.asked",
  "opencode-reply": "permission.replied",
  "opencode-idle": "session.idle",
  "opencode-error": "session.error",
  "opencode-bell": "bell",
  "opencode-end": "session.deleted",
} as const;

export const restartsItself = false;

/** None: our plugin hands over what it is told to the end. */
export const mailHooks: readonly string[] = [];

export const actionHooks: readonly string[] = ["opencode-after"];
export const sessionEndHook = "opencode-end";

export type OpencodeHook = keyof typeof hooks;

export function isOpencodeHook(hook: string): hook is OpencodeHook {
  return Object.hasOwn(hooks, hook);
}

export const actions = {
  shell: ["bash"],
  file: ["edit", "write", "patch", "apply_patch", "multiedit"],
  delegate: ["task"],
} as const;

/** The session id as a command sees it that runs inside. */
export function sessionOf(env: Env): string | undefined {
  return env["HCOM_OPENCODE_SESSION"] || undefined;
}

/** What OpenCode calls the tools of our MCP server by: `<server>_<tool>`. */
export const ownTools = "hcom_";
