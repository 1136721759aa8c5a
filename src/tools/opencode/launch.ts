// How OpenCode is started. Our plugin comes in its environment, and with it the bootstrap.
import { beforeTerminator } from "../command-line.ts";
import type { ArgvPlan, LaunchShape } from "../tool.ts";
import { keptArgs, runKind } from "./run-kind.ts";

export const launch: LaunchShape = {
  maxCount: 10,
  prompt: (text) => ["--prompt", text],
  isPromptTyped: true,
  isToldInBootstrap: true,
  resume: (session) => ["--session", session],
  fork: (session) => ["--session", session, "--fork"],
  kept: keptArgs,
  rejected: [],
  argv: (plan: ArgvPlan) => beforeTerminator(plan.userArgs, plan.added),
  stripEnv: ["OPENCODE_RUN_ID", "OPENCODE_PROCESS_ROLE"],
  env: {},
  suspends: "program",
  runKind,
};
