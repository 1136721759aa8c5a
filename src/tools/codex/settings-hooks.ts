// Codex's hooks.json: our groups go behind those that are there, because Codex keeps its trust in a
// hook under the hook's index.
import { asText, isObject } from "../../core/json.ts";
import { formerHookOf, hookCommand, hookOfCommand } from "../hook-command.ts";
import { type HookGroup, hooksFile } from "../hooks-json.ts";
import type { InstallOptions, SettingsFile } from "../tool.ts";
import { isSince } from "../version.ts";
import { type CodexHook, hooks, isCodexHook } from "./identity.ts";

export function codexHooksFile(path: string): SettingsFile {
  return hooksFile(path, { groups: hookGroups, nameOf: hookOfHandler, place: "last" });
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
    const command = hookCommand(options.program, hook, { ends: "0" });
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

function hookOfHandler(handler: unknown): string | undefined {
  if (!isObject(handler)) return undefined;
  const command = asText(handler["command"]) ?? asText(handler["cmd"]);
  if (command === undefined) return undefined;
  const hook = hookOfCommand(command);
  if (hook !== undefined) return isCodexHook(hook) ? hook : undefined;
  return formerHookOf(command, [...Object.keys(hooks), "codex-notify"]);
}
