// Trust in hooks, Codex 0.131 on: an unknown or changed hook is skipped in silence. Codex itself
// tells the hash that it wants to see (`hooks/list`); we store it for hooks that are provably ours.
import { Refusal } from "../../core/refusal.ts";
import type { HookTrust } from "../tool.ts";
import { type ListedHook, listedHooks, requests } from "./run/answers.ts";
import { isOurCommand } from "./settings-hooks.ts";
import { storeTrust } from "./trust-state.ts";

export const trust: HookTrust = {
  since: "0.131.0",
  serverArgv: ["app-server", "--listen", "stdio://"],
  requests,
  ours: (answers, hooksFile) =>
    listedHooks(answers)
      .filter((hook) => isOurs(hook, hooksFile) && hook.hash !== "")
      .map(({ key, hash }) => ({ key, hash })),
  store(text, entries, hooksFile, known) {
    const foreign = entries.find((entry) => !entry.key.startsWith(`${hooksFile}:`));
    if (foreign !== undefined) throw notOurs(foreign.key, hooksFile);
    const config = hooksFile.replace(/hooks\.json$/, "config.toml");
    return storeTrust(config, text ?? "", entries, known);
  },
  files: (where) => ({
    trustFile: `${where.configDir}/config.toml`,
    hooksFile: `${where.configDir}/hooks.json`,
  }),
};

/** Ours: our exact command, in the user's own file, at the place of that file. */
function isOurs(hook: ListedHook, hooksFile: string): boolean {
  return (
    isOurCommand(hook.command) &&
    hook.source === "user" &&
    normalize(hook.sourcePath) === normalize(hooksFile) &&
    hook.key.startsWith(`${hooksFile}:`)
  );
}

function normalize(path: string): string {
  return path.replaceAll(/\/\.?(?=\/)/g, "");
}

function notOurs(key: string, hooksFile: string): Refusal {
  return new Refusal({
    code: "foreign_trust_key",
    message: `trust entry ${key} does not belong to ${hooksFile}`,
  });
}
