// How Gemini CLI is started. Its bootstrap comes through the SessionStart hook, its hooks stand in
// its owner's settings: it takes none for one run.
import { beforeTerminator } from "../command-line.ts";
import type { ArgvPlan, LaunchShape } from "../tool.ts";
import { keptArgs, runKind } from "./run-kind.ts";

export const launch: LaunchShape = {
  maxCount: 10,
  prompt: (text) => [text],
  isPromptTyped: true,
  isToldInBootstrap: true,
  resume: (session) => ["--resume", session],
  kept: keptArgs,
  rejected: [],
  argv: (plan: ArgvPlan) => beforeTerminator(plan.userArgs, plan.added),
  // It says "I am the child already" to itself, and would to a session below.
  stripEnv: ["GEMINI_CLI_NO_RELAUNCH", "GEMINI_PROJECT_DIR", "GEMINI_CWD", "GEMINI_PLANS_DIR"],
  env: {},
  suspends: "program",
  runKind,
};
