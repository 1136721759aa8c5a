// Codex's hooks.json: our groups go behind those that are there, because Codex keeps its trust in a
// hook under the hook's index.
import { getNodeValue } from "jsonc-parser";
import { asObject, asText, isObject } from "../../core/json.ts";
import { formerHookOf, hookCommand, hookOfCommand } from "../hook-command.ts";
import {
  addGroups,
  type HookGroup,
  hookProblems,
  ourHooks,
  programsIn,
  standing,
  strip,
} from "../hooks-json.ts";
import { isBlank, openSettings, parseSettings, parseWhatWas, withoutOurs } from "../json-edit.ts";
import type { InstallOptions, Known, SettingsFile } from "../tool.ts";
import { isSince } from "../version.ts";
import { type CodexHook, hooks, isCodexHook } from "./identity.ts";

export function hooksFile(path: string): SettingsFile {
  return {
    path,
    what: "hooks",
    install: (text, options, known = {}) => install(path, text, options, known),
    remove: (text, known = {}) => remove(path, text, known),
    problems: (text, options) => problems(path, text, options),
    standing: (text) => standing(path, text, hookOfHandler),
    programs: (text) => programsIn(path, text),
  };
}

/** Is this handler's command one that we write? Trust is stored for no other. */
export function isOurCommand(command: string): boolean {
  const hook = hookOfCommand(command);
  return hook !== undefined && isCodexHook(hook);
}

const details: Partial<Record<CodexHook, { matcher?: string; timeout?: number; since?: string }>> =
  {
    "codex-pretooluse": { matcher: "Bash|apply_patch" },
    // Codex 0.145.0 does not know these; 0.169.0 gives an Interrupt one second, three at most.
    "codex-interrupt": { since: "0.169.0", timeout: 3 },
    "codex-postmodelrequest": { since: "0.169.0" },
  };

export function hookGroups(options: InstallOptions): HookGroup[] {
  return Object.entries(hooks).flatMap(([hook, event]) => {
    const { matcher, timeout, since } = (isCodexHook(hook) && details[hook]) || {};
    if (since !== undefined && !isSince(options.version, since, true)) return [];
    const command = hookCommand(options.program, hook);
    const handler = {
      type: "command" as const,
      command,
      ...(timeout === undefined ? {} : { timeout }),
    };
    return [
      { event, hook, group: { ...(matcher === undefined ? {} : { matcher }), hooks: [handler] } },
    ];
  });
}

function install(path: string, text: string | null, options: InstallOptions, known: Known): string {
  if (text !== null && problems(path, text, options).length === 0) return text;
  const bare = openSettings(text === null ? null : remove(path, text, known));
  return addGroups(path, bare, hookGroups(options), "last");
}

function remove(path: string, text: string, known: Known): string | null {
  const first = parseWhatWas(known.first);
  const bare = strip(path, text, (root) => ourHooks(root, hookOfHandler, first));
  return withoutOurs(text, bare, known.first);
}

function problems(path: string, text: string | null, options: InstallOptions): string[] {
  if (text === null || isBlank(text)) return ["no hooks are installed"];
  const value = asObject(getNodeValue(parseSettings(path, text)));
  return hookProblems(value, hookGroups(options), hookOfHandler);
}

function hookOfHandler(handler: unknown): string | undefined {
  if (!isObject(handler)) return undefined;
  const command = asText(handler["command"]) ?? asText(handler["cmd"]);
  if (command === undefined) return undefined;
  const hook = hookOfCommand(command);
  if (hook !== undefined) return isCodexHook(hook) ? hook : undefined;
  return formerHookOf(command, [...Object.keys(hooks), "codex-notify"]);
}
