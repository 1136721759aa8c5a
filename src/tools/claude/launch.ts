// How Claude Code is started: shapes of its argument list. Our bootstrap text is not here, it comes
// through the SessionStart hook.
import type { ArgvPlan, LaunchShape } from "../tool.ts";

export const launch: LaunchShape = {
  maxCount: 100,
  prompt: (text) => ["--", text],
  resume: (session) => ["--resume", session],
  fork: (session) => ["--resume", session, "--fork-session"],
  rejected: [],
  argv,
  // Claude Code 2.1.329 describes a session to its children; a new session is not a child.
  stripEnv: [
    "CLAUDE_CODE_ENTRYPOINT",
    "CLAUDE_CODE_CHILD_SESSION",
    "CLAUDE_CODE_CHILD_NOTES_DIR",
    "CLAUDE_CODE_SESSION_ATTENDED",
    "CLAUDE_EFFORT",
    "CLAUDE_PROJECT_DIR",
  ],
  env: {},
  isPrintMode,
};

function argv(plan: ArgvPlan): string[] {
  const args = [...plan.userArgs];
  if (plan.settings.systemPrompt !== "") {
    args.push("--append-system-prompt", plan.settings.systemPrompt);
  }
  // Without a terminal the log is all that there is: the stream says most.
  if (isPrintMode(args) && !args.some((arg) => /^--output-format(=|$)/.test(arg))) {
    args.push("--output-format", "stream-json", "--verbose");
  }
  return args;
}

function isPrintMode(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? undefined : end).some((arg) => arg === "-p" || arg === "--print");
}
