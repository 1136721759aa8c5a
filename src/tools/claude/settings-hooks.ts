// The hooks that hcom wants in Claude Code's settings.json, and the test whether one is ours.

import { hookGate } from "../../core/hook-gate.ts";
import { asText, isObject } from "../../core/json.ts";
import { formerHookOf, type HookManner, hookCommand, hookOfCommand } from "../hook-command.ts";
import type { HookGroup } from "../hooks-json.ts";
import type { InstallOptions } from "../tool.ts";
import {
  actionHooks,
  hooks,
  isClaudeHook,
  mailHooks,
  ownTools,
  sessionVariable,
} from "./identity.ts";

/**
 * Seconds; Claude's default is ten minutes. No hook of ours waits but a subagent's at its end, as
 * long as the setting says (`longestSubagentWait`); the others give up by themselves long before.
 */
const timeoutSeconds = 10;
const timeouts: Readonly<Record<string, number>> = { "subagent-stop": 600 };

const matchers: Readonly<Record<string, string>> = {
  pre: `Bash|PowerShell|Agent|Task|Write|Edit|NotebookEdit|${ownTools}.*`,
};

export function hookGroups(options: InstallOptions): HookGroup[] {
  return Object.entries(hooks).map(([hook, event]) => {
    const matcher = matchers[hook];
    const timeout = timeouts[hook] ?? timeoutSeconds;
    return {
      event,
      hook,
      group: {
        ...(matcher === undefined ? {} : { matcher }),
        hooks: [
          {
            type: "command",
            command: hookCommand(options.program, hook, mannerOf(hook)),
            timeout,
            // Runs beside the session and wakes it with exit 2 (Claude Code 2.1.216 on).
            ...(hook === "bell" ? { asyncRewake: true } : {}),
          },
        ],
      },
    };
  });
}

/** The hooks of the middle of a turn come thousands of times a day. */
function mannerOf(hook: string): HookManner {
  const isInTurn = hook === "pre" || actionHooks.includes(hook);
  const kind = mailHooks.includes(hook) ? "mail" : "joined";
  const gate = isInTurn ? hookGate(sessionVariable, kind) : "";
  // The end of a subagent may wait.
  return { gate, ends: hook === "subagent-stop" ? "any" : "0 or 2" };
}

/** Which hook of ours is this handler? Undefined for a handler of somebody else. */
export function hookOfHandler(handler: unknown): string | undefined {
  const command = isObject(handler) ? asText(handler["command"]) : undefined;
  if (command === undefined) return undefined;
  const hook = hookOfCommand(command);
  if (hook !== undefined) return isClaudeHook(hook) ? hook : undefined;
  return formerHook(command);
}

/** Calls of `hcom.py` by Python, with the switch that the first ones kept in a variable. */
const pythonForm =
  /^(?:HCOM_ACTIVE=\S+ )?(?:\S*python3? )?["']?(?:\/[^"']*\/)?hcom\.py["']? ([a-z-]+)$/;

function formerHook(command: string): string | undefined {
  const names = Object.keys(hooks);
  const known = formerHookOf(command, [...names, ...names.map((name) => `claude-${name}`)]);
  const byPython = pythonForm.exec(command)?.[1] ?? "";
  return known?.replace("claude-", "") ?? (isClaudeHook(byPython) ? byPython : undefined);
}
