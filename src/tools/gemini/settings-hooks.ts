// The hooks that hcom wants in Gemini CLI's settings.json, and the test whether one is ours.
import { asText, isObject } from "../../core/json.ts";
import { formerHookOf, hookCommand, hookOfCommand } from "../hook-command.ts";
import type { HookGroup } from "../hooks-json.ts";
import type { InstallOptions } from "../tool.ts";
import { actions, hooks, isGeminiHook, ownTools } from "./identity.ts";

/** Milliseconds; Gemini's default is a minute. */
const timeoutMs = 10_000;

/** By what a person switches hooks off, and what the screen shows while one runs. */
export const hookName = "hcom";

const told = [...actions.shell, ...actions.file, ...actions.delegate, `${ownTools}.*`];

const matchers: Readonly<Record<string, string>> = {
  "gemini-beforetool": `^(${told.join("|")})$`,
};

export function hookGroups(options: InstallOptions): HookGroup[] {
  return Object.entries(hooks).map(([hook, event]) => {
    const matcher = matchers[hook];
    const command = hookCommand(options.program, hook, { ends: "0" });
    return {
      event,
      hook,
      group: {
        ...(matcher === undefined ? {} : { matcher }),
        hooks: [{ name: hookName, type: "command", command, timeout: timeoutMs }],
      },
    };
  });
}

/** Which hook of ours is this handler? Undefined for a handler of somebody else. */
export function hookOfHandler(handler: unknown): string | undefined {
  const command = isObject(handler) ? asText(handler["command"]) : undefined;
  if (command === undefined) return undefined;
  const hook = hookOfCommand(command);
  if (hook !== undefined) return isGeminiHook(hook) ? hook : undefined;
  return formerHookOf(command, Object.keys(hooks));
}
