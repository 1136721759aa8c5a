// Gemini CLI's settings.json: puts our hooks in, takes them out again, and says what is missing.
// Text in, text out; the file belongs to its owner, comments and all.
import { getNodeValue } from "jsonc-parser";
import { asList, asObject, parseJson } from "../../core/json.ts";
import { addGroups, hookProblems, ourHooks, programsIn, standing, strip } from "../hooks-json.ts";
import { isBlank, openSettings, parseSettings, parseWhatWas, withoutOurs } from "../json-edit.ts";
import type { HookPlace, InstallOptions, Known, SettingsFile, SettingsPlug } from "../tool.ts";
import { perRun } from "./run-settings.ts";
import { hookGroups, hookName, hookOfHandler } from "./settings-hooks.ts";

export const settings: SettingsPlug = {
  files: (where) => [settingsFile(`${where.configDir}/settings.json`)],
  perRun,
  obstacles,
};

function settingsFile(path: string): SettingsFile {
  return {
    path,
    what: "hooks",
    install(text, options, known = {}) {
      // A timeout that the owner tuned stays: nothing is rewritten when all is in place.
      if (text !== null && problems(path, text, options).length === 0) return text;
      const bare = openSettings(text === null ? null : remove(path, text, known));
      return addGroups(path, bare, hookGroups(options), "first");
    },
    remove: (text, known = {}) => remove(path, text, known),
    problems: (text, options) => problems(path, text, options),
    standing: (text) => standing(path, text, hookOfHandler),
    programs: (text) => programsIn(path, text),
  };
}

function remove(path: string, text: string, known: Known): string | null {
  if (isBlank(text)) return text;
  const first = parseWhatWas(known.first);
  const bare = strip(path, text, (root) => ourHooks(root, hookOfHandler, first));
  return withoutOurs(text, bare, known.first);
}

function problems(path: string, text: string | null, options: InstallOptions): string[] {
  if (text === null || isBlank(text)) return ["no hooks are installed"];
  const value = asObject(getNodeValue(parseSettings(path, text)));
  return hookProblems(value, hookGroups(options), hookOfHandler);
}

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
