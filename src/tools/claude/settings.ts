// Claude Code's settings.json: puts our hooks and permissions in, takes them out again, and says
// what is missing. Text in, text out; the file belongs to its owner.
import { getNodeValue } from "jsonc-parser";
import { asList, asObject } from "../../core/json.ts";
import { addGroups, expectNode, hookProblems, ourHooks, strip } from "../hooks-json.ts";
import {
  addFirst,
  addMember,
  closeSettings,
  isBlank,
  type JsonNode,
  member,
  openSettings,
  parseSettings,
} from "../json-edit.ts";
import type { InstallOptions, SettingsFile, SettingsPlug } from "../tool.ts";
import { isOurRule, ourEnv, ourRules, rulesOf } from "./permissions.ts";
import { hookGroups, hookOfHandler } from "./settings-hooks.ts";

export const settings: SettingsPlug = {
  files: (where) => [settingsFile(`${where.configDir}/settings.json`)],
};

function settingsFile(path: string): SettingsFile {
  return {
    path,
    what: "hooks and permissions",
    install: (text, options) => install(path, text, options),
    remove: (text) => remove(path, text),
    problems: (text, options) => problems(path, text, options),
  };
}

function install(path: string, text: string | null, options: InstallOptions): string {
  // A timeout that the owner tuned stays: nothing is rewritten when all is in place.
  if (text !== null && problems(path, text, options).length === 0) return text;
  const bare = openSettings(text === null ? null : remove(path, text));
  const rules = options.autoApprove ? rulesOf(options.commandWord) : [];
  return addGroups(path, addRules(path, bare, rules), hookGroups(options), "first");
}

function remove(path: string, text: string): string | null {
  const bare = strip(path, text, ours);
  return bare === text ? text : closeSettings(bare);
}

function ours(root: JsonNode): JsonNode | undefined {
  return ourHooks(root, hookOfHandler) ?? ourRules(root) ?? ourEnv(root);
}

function addRules(path: string, text: string, rules: readonly string[]): string {
  if (rules.length === 0) return text;
  const root = parseSettings(path, text);
  const permissions = expectNode(path, member(root, "permissions"), "object", "permissions");
  const allow = expectNode(path, member(permissions, "allow"), "array", "permissions.allow");
  if (permissions === undefined) return addMember(text, root, "permissions", { allow: rules });
  if (allow === undefined) return addMember(text, permissions, "allow", rules);
  return addFirst(text, allow, rules);
}

function problems(path: string, text: string | null, options: InstallOptions): string[] {
  if (text === null || isBlank(text)) return ["no hooks are installed"];
  const value = asObject(getNodeValue(parseSettings(path, text)));
  const allow = asList(asObject(value["permissions"])["allow"]);
  return [
    ...hookProblems(value, hookGroups(options), hookOfHandler),
    ...ruleProblems(allow, options.autoApprove ? rulesOf(options.commandWord) : []),
  ];
}

function ruleProblems(allow: readonly unknown[], wanted: readonly string[]): string[] {
  const missing = wanted.filter((rule) => !allow.includes(rule));
  const extra = allow.filter((rule) => isOurRule(rule) && !wanted.some((one) => one === rule));
  return [
    ...missing.map((rule) => `permission ${rule} is missing`),
    ...extra.map((rule) => `permission ${String(rule)} is a leftover`),
  ];
}
