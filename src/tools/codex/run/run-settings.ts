// What a launch passes to Codex for one run, all with `-c`: our hooks, the trust in them by the
// hash that Codex itself tells, and our directory for its sandbox. No file of the owner changes.
import type { HookGroup } from "../../hooks-json.ts";
import type { RunOptions, RunPlug, RunSettings } from "../../tool.ts";
import { hookGroups, isOurCommand } from "../settings-hooks.ts";
import { switchName } from "../settings-toml.ts";
import { tomlString } from "../toml-string.ts";
import { listedHooks } from "./answers.ts";
import { configFlagsIn, givenValue } from "./config-flags.ts";
import { sandboxFlags } from "./sandbox.ts";

export const perRun: RunPlug = {
  passesHooks: true,
  serverArgs: (run) => [...configFlagsIn(run.args), ...hookFlags(run)],
  settings,
};

function settings(run: RunOptions): RunSettings {
  const sandbox = sandboxFlags(run);
  const trust = trustFlags(run);
  const flags = [...hookFlags(run), ...trust, ...sandbox.flags, ...directoryFlags(run)];
  const unknown = run.answers === undefined && run.arePassed;
  return {
    userArgs: [...run.args],
    added: () => flags,
    notes: [
      ...(unknown ? ["Codex did not say whether it trusts hcom's hooks; it may ask"] : []),
      ...sandbox.notes,
      ...(isTrusting(run)
        ? [`Codex trusts ${run.directory} in this run (auto_trust_workspace)`]
        : []),
    ],
  };
}

function hookFlags(run: RunOptions): string[] {
  if (!run.arePassed) return [];
  const { name, isDefault } = switchName(run.version);
  const on = isDefault ? [] : ["-c", `features.${name}=true`];
  const groups = hookGroups(run).flatMap((group) => ["-c", hookFlag(run, group)]);
  return [...on, ...groups];
}

/** Of several flags for one event the last one counts: ours has the user's in front. */
function hookFlag(run: RunOptions, { event, group }: HookGroup): string {
  const [handler] = group.hooks;
  const timeout = handler.timeout === undefined ? "" : `,timeout=${handler.timeout}`;
  const matcher = group.matcher === undefined ? "" : `matcher=${tomlString(group.matcher)},`;
  const command = tomlString(handler.command);
  const ours = `{${matcher}hooks=[{type="command",command=${command}${timeout}}]}`;
  const key = `hooks.${event}`;
  const theirs = /^\s*\[(.*?),?\s*\]\s*$/s.exec(givenValue(run.args, key) ?? "")?.[1] ?? "";
  return `${key}=[${theirs.trim() === "" ? "" : `${theirs},`}${ours}]`;
}

/** Only hooks with our exact command: passed by us, or in the file that `hooks add` writes. */
function trustFlags(run: RunOptions): string[] {
  if (run.answers === undefined) return [];
  const file = `${run.configDir}/hooks.json`;
  const entries = listedHooks(run.answers)
    .filter((hook) => isOurCommand(hook.command) && hook.isEnabled && !hook.isTrusted)
    .filter((hook) => hook.source === "sessionFlags" || hook.sourcePath === file)
    .map(({ key, hash }) => `${tomlString(key)}={trusted_hash=${tomlString(hash)}}`);
  return entries.length === 0 ? [] : ["-c", `hooks.state={${entries.join(",")}}`];
}

/** Codex splits the key of `-c` at dots, so the directory stands in the value. */
function directoryFlags(run: RunOptions): string[] {
  if (!isTrusting(run)) return [];
  const directory = tomlString(run.directory.replace(/^\\\\\?\\/, ""));
  return ["-c", `projects={ ${directory} = { trust_level = "trusted" } }`];
}

function isTrusting(run: RunOptions): boolean {
  return run.autoTrust && !run.args.some((arg) => arg.includes("trust_level"));
}
