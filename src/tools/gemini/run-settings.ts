// What a launch passes to Gemini CLI for one run: a policy file by which our safe commands need no
// approval, and trust where its owner wants it. Hooks it takes from its settings alone.
import { asObject, asTexts, parseJson } from "../../core/json.ts";
import { safeCommands, safeLines } from "../safe-commands.ts";
import type { RunOptions, RunPlug, RunSettings } from "../tool.ts";
import { hasOption } from "./run-kind.ts";

export const perRun: RunPlug = { passesHooks: false, serverArgs: () => [], settings };

function settings(run: RunOptions): RunSettings {
  const trusts = run.autoTrust && !hasOption(run.args, ["--skip-trust"]);
  const trust = trusts ? ["--skip-trust"] : [];
  const notes = trusts
    ? [`Gemini CLI trusts ${run.directory} in this run (auto_trust_workspace)`]
    : [];
  if (!run.autoApprove) return { userArgs: [...run.args], added: () => trust, notes };
  return {
    userArgs: [...run.args],
    added: (file) => [
      ...trust,
      ...[...theirPolicies(run), file].flatMap((one) => ["--policy", one]),
    ],
    file: policyText(run.commandWord),
    fileEnding: ".toml",
    notes,
  };
}

/** Ours would take the place of those that stand in the settings, or of their usual folder. */
function theirPolicies(run: RunOptions): string[] {
  if (hasOption(run.args, ["--policy"])) return [];
  const text = run.readFile(`${run.configDir}/settings.json`) ?? "";
  const listed = asTexts(asObject(parseJson(text))["policyPaths"]);
  return listed.length > 0 ? listed : [`${run.configDir}/policies`];
}

/**
 * Gemini CLI 0.61.0 looks at each command of a line by itself, whatever joins them. Its expression
 * begins where the command does; a quote that ends the command has no backslash in front of it.
 */
function policyText(commandWord: string): string {
  const prefixes = safeCommands.map((command) => JSON.stringify(`${commandWord} ${command}`));
  const lines = JSON.stringify(`${commandWord} (?:${safeLines.join("|")})"`);
  return [
    "# hcom: commands that agents may run without asking",
    ...rule(`commandPrefix = [${prefixes.join(", ")}]`),
    ...rule(`commandRegex = ${lines}`),
    "",
  ].join("\n");
}

function rule(commands: string): string[] {
  return [
    "[[rule]]",
    'toolName = "run_shell_command"',
    commands,
    'decision = "allow"',
    "priority = 300",
  ];
}
