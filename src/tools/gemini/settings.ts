// Gemini CLI's settings.json: puts our hooks in, takes them out again, and says what is missing.
// Text in, text out; the file belongs to its owner, comments and all.
import { getNodeValue } from "jsonc-parser";
import { asList, asObject, parseJson } from "../../core/json.ts";
import { hooksFile } from "../hooks-json.ts";
import { isBlank, parseSettings } from "../json-edit.ts";
import type { HookPlace, SettingsPlug } from "../tool.ts";
import { perRun } from "./run-settings.ts";
import { hookGroups, hookName, hookOfHandler } from "./settings-hooks.ts";

export const settings: SettingsPlug = {
  files: ({ configDir }) => [
    hooksFile(`${configDir}/settings.json`, {
      groups: hookGroups,
      nameOf: hookOfHandler,
      place: "first",
    }),
  ],
  perRun,
  obstacles,
};

/** Gemini CLI 0.61.0 has one switch for all hooks, and a list of names. */
function obstacles(place: HookPlace): string[] {
  const files = [
    `${place.directory}/.gemini/settings.json`,
    `${place.configDir}/settings.json`,
  ].map((path) => ({ path, hooks: hooksConfigIn(path, place.readFile(path) ?? "") }));
  return files.flatMap(({ path, hooks }) => [
    ...(hooks["enabled"] === false
      ? [`${path} says "hooksConfig.enabled": false; take that out of it`]
      : []),
    ...(asList(hooks["disabled"]).includes(hookName)
      ? [`${path} names "${hookName}" in "hooksConfig.disabled"; take it out`]
      : []),
  ]);
}

function hooksConfigIn(path: string, text: string): Record<string, unknown> {
  if (isBlank(text)) return {};
  try {
    return asObject(asObject(getNodeValue(parseSettings(path, text)))["hooksConfig"]);
  } catch {
    // Gemini says itself that it cannot read it.
    return asObject(asObject(parseJson(text))["hooksConfig"]);
  }
}
