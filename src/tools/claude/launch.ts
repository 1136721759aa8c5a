// How Claude Code is started: shapes of its argument list. Our bootstrap text is not here, it comes
// through the SessionStart hook; neither are prompts, which others could read in it.
import { beforeTerminator } from "../command-line.ts";
import type { ArgvPlan, LaunchShape } from "../tool.ts";
import { isSince } from "../version.ts";
import { keptArgs, runKind } from "./run-kind.ts";

export const launch: LaunchShape = {
  maxCount: 100,
  prompt: (text) => ["--", text],
  isPromptTyped: true,
  resume: (session) => ["--resume", session],
  fork: (session) => ["--resume", session, "--fork-session"],
  kept: keptArgs,
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
  const { userArgs, appended } = takeAppended(plan);
  const added = [...plan.added];
  if (plan.systemPrompt !== "") {
    const text = [...appended, plan.systemPrompt].join("\n\n");
    const takesFile = isSince(plan.version, "2.1.216", true);
    if (takesFile) added.push("--append-system-prompt-file", plan.files.keep(text));
    else added.push("--append-system-prompt", text);
  }
  // Of a run that nobody sees the log is all that there is: the stream says most.
  const isLogged = plan.kind === "one-shot" && plan.isHeadless;
  if (isLogged && !userArgs.some((arg) => /^--output-format(=|$)/.test(arg))) {
    added.push("--output-format", "stream-json", "--verbose");
  }
  return beforeTerminator(userArgs, added);
}

/** Claude Code takes one such text: 2.1.216 refuses two, 2.1.332 takes the last file alone. */
function takeAppended(plan: ArgvPlan): { userArgs: readonly string[]; appended: string[] } {
  if (plan.systemPrompt === "") return { userArgs: plan.userArgs, appended: [] };
  const end = plan.userArgs.indexOf("--");
  const options = end < 0 ? plan.userArgs : plan.userArgs.slice(0, end);
  const userArgs: string[] = [];
  const appended: string[] = [];
  for (let at = 0; at < options.length; at++) {
    const arg = options[at] ?? "";
    const [, name, isFile, joined] =
      /^(--append-system-prompt(-file)?)(?:=(.*))?$/s.exec(arg) ?? [];
    const value = name === undefined ? undefined : (joined ?? options[at + 1]);
    const text = isFile === undefined || value === undefined ? value : plan.files.read(value);
    // What cannot be read is the program's to complain about.
    if (text === undefined) {
      userArgs.push(arg);
      continue;
    }
    appended.push(text);
    if (joined === undefined) at++;
  }
  return { userArgs: end < 0 ? userArgs : [...userArgs, ...plan.userArgs.slice(end)], appended };
}
