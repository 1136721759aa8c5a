// How Claude Code is started: shapes of its argument list. Our bootstrap text is not here, it comes
// through the SessionStart hook.
import { beforeTerminator } from "../command-line.ts";
import type { ArgvPlan, LaunchShape } from "../tool.ts";
import { runKind } from "./run-kind.ts";

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
  suspends: "program",
  runKind,
};

function argv(plan: ArgvPlan): string[] {
  const added = [...plan.added];
  if (plan.systemPrompt !== "") added.push("--append-system-prompt", plan.systemPrompt);
  // Of a run that nobody sees the log is all that there is: the stream says most.
  const isLogged = plan.kind === "one-shot" && plan.isHeadless;
  if (isLogged && !plan.userArgs.some((arg) => /^--output-format(=|$)/.test(arg))) {
    added.push("--output-format", "stream-json", "--verbose");
  }
  return beforeTerminator(plan.userArgs, added);
}
