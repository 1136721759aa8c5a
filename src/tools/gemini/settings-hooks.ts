// The hooks that hcom wants in Gemini CLI's settings.json, and the test whether one is ours.
import { asText, isObject } from "../../core/json.ts";
import { hookCommand, hookOfCommand } from "../hook-command.ts";
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
    const command = hookCommand(options.program, hook);
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
  return formerHook(command);
}

const names = Object.keys(hooks).join("|");

/** What earlier programs of this name installed, bare or behind the test whether they are there. */
const formerForms: readonly RegExp[] = [
  new RegExp(`^(?:uvx )?hcom (${names})$`),
  new RegExp(`^sh -c '[^']*command -v (?:hcom|uvx)[^']*exec (?:uvx )?hcom (${names})[^']*'$`),
];

function formerHook(command: string): string | undefined {
  for (const form of formerForms) {
    const hook = form.exec(command)?.[1];
    if (hook !== undefined) return hook;
  }
  return undefined;
}
