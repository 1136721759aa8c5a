// The files that hcom edits for Codex. The hooks come first: trust is given to what stands there.
import type { SettingsPlug } from "../tool.ts";
import { rulesFile } from "./rules.ts";
import { obstacles } from "./run/obstacles.ts";
import { perRun } from "./run/run-settings.ts";
import { codexHooksFile } from "./settings-hooks.ts";
import { configFile } from "./settings-toml.ts";
import { trust } from "./trust.ts";

export const settings: SettingsPlug = {
  files: (where) => [
    codexHooksFile(`${where.configDir}/hooks.json`),
    configFile(`${where.configDir}/config.toml`),
    rulesFile(`${where.configDir}/rules/hcom.rules`),
  ],
  trust,
  perRun,
  obstacles,
};
