// Claude Code's settings.json: puts our hooks and permissions in, takes them out again, and says
// what is missing. Text in, text out; the file belongs to its owner.
import { getNodeValue } from "jsonc-parser";
import { asObject } from "../../core/json.ts";
import {
  addGroups,
  expectNode,
  hookProblems,
  ourHooks,
  programsIn,
  standing,
  strip,
} from "../hooks-json.ts";
import {
  addFirst,
  addMember,
  isBlank,
  type JsonNode,
  member,
  openSettings,
  parseSettings,
  parseWhatWas,
  withoutOurs,
} from "../json-edit.ts";
import type { InstallOptions, Known, SettingsFile, SettingsPlug } from "../tool.ts";
import { obstacles } from "./obstacles.ts";
import { allowedIn, formerEnv, isRuleOfOurs, ourRules, rulesOf } from "./permissions.ts";
import { perRun } from "./run-settings.ts";
import { hookGroups, hookOfHandler } from "./settings-hooks.ts";

export const settings: SettingsPlug = {
  files: (where) => [settingsFile(`${where.configDir}/settings.json`)],
  perRun,
  obstacles,
};

function settingsFile(path: string): SettingsFile {
  return {
    path,
    what: "hooks and permissions",
    install: (text, options, known = {}) => install(path, text, options, known),
    remove: (text, known = {}) => remove(path, text, known),
    problems: (text, options, known = {}) => problems(path, text, options, known),
    standing: (text) => standing(path, text, hookOfHandler),
    programs: (text) => programsIn(path, text),
  };
}

function install(path: string, text: string | null, options: InstallOptions, known: Known): string {
  // A timeout that the owner tuned stays: nothing is rewritten when all is in place.
  if (text !== null && problems(path, text, options, known).length === 0) return text;
  const bare = openSettings(text === null ? null : remove(path, text, known));
  const there = allowedIn(getNodeValue(parseSettings(path, bare)));
  const rules = options.autoApprove ? rulesOf(options.commandWord) : [];
  const missing = rules.filter((rule) => !there.includes(rule));
  return addGroups(path, addRules(path, bare, missing), hookGroups(options), "first");
}

function remove(path: string, text: string, known: Known): string | null {
  if (isBlank(text)) return text;
  const first = parseWhatWas(known.first);
  const isOurs = ownRules(parseSettings(path, text), known.first, first);
  const hadHooks = ourHooks(parseSettings(path, text), hookOfHandler) !== undefined;
  const bare = strip(
    path,
    text,
    (root) =>
      ourHooks(root, hookOfHandler, first) ??
      ourRules(root, isOurs, first) ??
      (hadHooks ? formerEnv(root) : undefined),
  );
  return withoutOurs(text, bare, known.first);
}

/**
 * The text of a rule does not tell who wrote it. It is ours where hooks of ours stand in the same
 * file, or all of our rules; and never where it was there before us.
 */
function ownRules(
  root: JsonNode,
  firstText: string | null | undefined,
  first: JsonNode | undefined,
): (rule: unknown) => boolean {
  const hadOurs = first !== undefined && ourHooks(first, hookOfHandler) !== undefined;
  const before = hadOurs || first === undefined ? [] : allowedIn(getNodeValue(first));
  const now = allowedIn(getNodeValue(root));
  const isWritten =
    firstText !== undefined ||
    ourHooks(root, hookOfHandler) !== undefined ||
    rulesOf("hcom").every((rule) => now.includes(rule));
  return (rule) => isWritten && isRuleOfOurs(rule) && !before.includes(rule);
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

function problems(
  path: string,
  text: string | null,
  options: InstallOptions,
  known: Known,
): string[] {
  if (text === null || isBlank(text)) return ["no hooks are installed"];
  const root = parseSettings(path, text);
  const value = asObject(getNodeValue(root));
  const allow = allowedIn(value);
  const wanted = options.autoApprove ? rulesOf(options.commandWord) : [];
  const isOurs = ownRules(root, known.first, parseWhatWas(known.first));
  const missing = wanted.filter((rule) => !allow.includes(rule));
  const extra = allow.filter((rule) => isOurs(rule) && !wanted.some((one) => one === rule));
  return [
    ...hookProblems(value, hookGroups(options), hookOfHandler),
    ...missing.map((rule) => `permission ${rule} is missing`),
    ...extra.map((rule) => `permission ${String(rule)} is a leftover`),
  ];
}
