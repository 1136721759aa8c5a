// How Codex is started: our instructions beside the user's own, and what a run needs, all as
// arguments. Hooks, trust and sandbox are in `run/`.
import { beforeTerminator } from "../command-line.ts";
import type { ArgvPlan, LaunchShape } from "../tool.ts";
import { isSince } from "../version.ts";
import { behindExec, keptArgs, runKind } from "./run-kind.ts";
import { tomlString } from "./toml-string.ts";

export const launch: LaunchShape = {
  maxCount: 10,
  prompt: (text) => [text],
  isPromptTyped: true,
  resume: (session) => ["resume", session],
  fork: (session) => ["fork", session],
  kept: keptArgs,
  rejected: [],
  argv,
  stripEnv: ["CODEX_EXEC_SERVER_URL"],
  // Codex 0.145 and 0.171 keep what `$SHELL -lc` exports and give it to every command.
  runsLoginShells: true,
  env: {},
  suspends: "wrapper",
  runKind,
};

function argv(plan: ArgvPlan): string[] {
  const { args, instructions } = takeInstructions(plan.userArgs);
  const added = [...plan.added, ...daemonArgs(args, plan)];
  const parts = [plan.bootstrap, plan.systemPrompt, instructions];
  const text = parts.filter((part) => part !== "").join("\n---\n");
  // A raw text of several lines is silently ignored; a TOML string is not.
  if (text !== "") added.push("-c", `developer_instructions=${tomlString(text)}`);
  return plan.kind === "one-shot" ? behindExec(args, added) : beforeTerminator(args, added);
}

/** The user's own instructions, taken out of the arguments: the last `-c` would win alone. */
function takeInstructions(userArgs: readonly string[]): { args: string[]; instructions: string } {
  const args: string[] = [];
  let instructions = "";
  for (let at = 0; at < userArgs.length; at++) {
    const arg = userArgs[at] ?? "";
    const isPair = arg === "-c" || arg === "--config";
    const setting = isPair ? userArgs[at + 1] : /^(?:--config=|-c)(.+)$/s.exec(arg)?.[1];
    const value = /^\s*developer_instructions\s*=(.*)$/s.exec(setting ?? "")?.[1];
    if (value === undefined) {
      args.push(arg);
      continue;
    }
    if (isPair) at++;
    // Those of an earlier launch of ours come back with a resume: they are made anew.
    const text = fromTomlString(value.trim());
    instructions = text.includes("[hcom:") ? "" : text;
  }
  return { args, instructions };
}

/** Codex takes a value that is not TOML as it stands. */
function fromTomlString(value: string): string {
  if (!value.startsWith('"')) return value.replace(/^'(.*)'$/s, "$1");
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "string" ? parsed : value;
  } catch {
    return value;
  }
}

/**
 * Codex 0.169.0 runs sessions in a daemon that all launches share, and hooks then see the
 * environment of the first of them. 0.145.0 has neither the daemon nor the flag.
 */
function daemonArgs(args: readonly string[], plan: ArgvPlan): string[] {
  // `exec` and `review` run in their own process and do not know the flag.
  if (plan.kind === "one-shot") return [];
  if (args.includes("--no-daemon") || args.includes("--remote")) return [];
  return isSince(plan.version, "0.169.0", true) ? ["--no-daemon"] : [];
}
