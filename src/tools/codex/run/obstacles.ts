// Why Codex runs none of our hooks, or not all, as Codex itself says.
import { asObject } from "../../../core/json.ts";
import type { HookPlace } from "../../tool.ts";
import { isOurCommand } from "../settings-hooks.ts";
import { configError, configIn, listedHooks } from "./answers.ts";

export function obstacles({ answers, configDir, arePassed }: HookPlace): string[] {
  if (answers === undefined) return [];
  const config = `${configDir}/config.toml`;
  const error = configError(answers);
  if (error !== undefined) return [`Codex does not take its settings: ${error}`];
  const features = asObject(configIn(answers)?.["features"]);
  if (features["hooks"] === false) {
    return [`hooks are switched off in ${config} (features.hooks = false); take that out of it`];
  }
  if (arePassed) return [];
  const ours = listedHooks(answers).filter((hook) => isOurCommand(hook.command));
  if (ours.length === 0) return ["Codex lists none of hcom's hooks: hcom hooks add codex"];
  const off = ours.filter((hook) => !hook.isEnabled);
  const untrusted = ours.filter((hook) => hook.isEnabled && !hook.isTrusted);
  return [
    ...(off.length > 0 ? [`${off.length} of hcom's hooks are switched off (/hooks in Codex)`] : []),
    ...(untrusted.length > 0
      ? [`Codex does not trust ${untrusted.length} of hcom's hooks: hcom hooks add codex`]
      : []),
  ];
}
