// Who Codex is: names, proofs in the environment and hook commands. Loaded with the registry on
// every start of the program, so data only.
import type { Env } from "../../core/env.ts";

export const name = "codex";
export const label = "Codex";
export const aliases = [] as const;

/** Any of them proves that a command runs inside Codex. */
export const markers: { env: string; equals?: string }[] = [
  { env: "CODEX_SANDBOX" },
  { env: "CODEX_SANDBOX_NETWORK_DISABLED" },
  { env: "CODEX_MANAGED_BY_NPM" },
  { env: "CODEX_MANAGED_BY_BUN" },
  { env: "CODEX_THREAD_ID" },
  { env: "CODEX_SESSION_ID" },
];

/** Hook command of ours -> Codex's event. */
export const hooks = {
  "codex-sessionstart": "SessionStart",
  "codex-userpromptsubmit": "UserPromptSubmit",
  "codex-pretooluse": "PreToolUse",
  "codex-posttooluse": "PostToolUse",
  "codex-stop": "Stop",
  "codex-permissionrequest": "PermissionRequest",
  "codex-sessionend": "SessionEnd",
  "codex-interrupt": "Interrupt",
  "codex-postmodelrequest": "PostModelRequest",
} as const;

export const restartsItself = false;

/** None: what Codex does when a hook does not read its input to the end was not tried. */
export const mailHooks: readonly string[] = [];

export const actionHooks: readonly string[] = ["codex-posttooluse", "codex-postmodelrequest"];
export const sessionEndHook = "codex-sessionend";

export type CodexHook = keyof typeof hooks;

export function isCodexHook(hook: string): hook is CodexHook {
  return Object.hasOwn(hooks, hook);
}

export const actions = {
  shell: ["Bash", "execute_command", "shell", "shell_command"],
  file: ["apply_patch"],
  delegate: [],
} as const;

/** The session id as a command sees it that runs inside. */
export function sessionOf(env: Env): string | undefined {
  return env["CODEX_THREAD_ID"] || env["CODEX_SESSION_ID"] || undefined;
}
