// What a launch passes to Claude Code for one run: a settings file of ours beside the owner's, with
// hooks, rules, and our directory for its sandbox. None of the owner's files changes.
import { isObject, type JsonObject, parseJson } from "../../core/json.ts";
import type { RunOptions, RunPlug, RunSettings } from "../tool.ts";
import { rulesOf } from "./permissions.ts";
import { hookGroups } from "./settings-hooks.ts";

export const perRun: RunPlug = { passesHooks: true, serverArgs: () => [], settings };

function settings(run: RunOptions): RunSettings {
  const { rest, given } = takeSettings(run.args);
  const theirs = given === undefined ? {} : settingsIn(given, run);
  if (theirs === undefined) {
    const note = `hcom's hooks are not passed: ${given} is no settings file or JSON`;
    return { userArgs: [...run.args], added: () => [], notes: [note] };
  }
  const file = `${JSON.stringify(merged(theirs, ourSettings(run)), null, 2)}\n`;
  return { userArgs: rest, added: (path) => ["--settings", path], file, notes: [] };
}

function ourSettings(run: RunOptions): JsonObject {
  // Claude Code 2.1: only read where its sandbox is on, beside the owner's own lists.
  const sandbox = { filesystem: { allowWrite: [run.hcomDir] } };
  if (!run.arePassed) return { sandbox };
  const hooks: Record<string, unknown[]> = {};
  for (const { event, group } of hookGroups(run)) hooks[event] = [...(hooks[event] ?? []), group];
  const allow = run.autoApprove ? rulesOf(run.commandWord) : [];
  return { hooks, permissions: { allow }, sandbox };
}

/** Of several Claude Code takes the last one alone (2.1.332), so ours has theirs in it. */
function takeSettings(args: readonly string[]): { rest: string[]; given: string | undefined } {
  const rest: string[] = [];
  let given: string | undefined;
  let isFlag = true;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") isFlag = false;
    if (isFlag && arg === "--settings") given = args[++at];
    else if (isFlag && arg.startsWith("--settings=")) given = arg.slice("--settings=".length);
    else rest.push(arg);
  }
  return { rest, given };
}

function settingsIn(given: string, run: RunOptions): JsonObject | undefined {
  const path = given.startsWith("/") ? given : `${run.directory}/${given}`;
  const text = given.trimStart().startsWith("{") ? given : run.readFile(path);
  const value = parseJson(text ?? "");
  return isObject(value) ? value : undefined;
}

/** As Claude Code merges its own files: objects by key, lists one behind the other. */
function merged(theirs: JsonObject, ours: JsonObject): JsonObject {
  const result: JsonObject = { ...theirs };
  for (const [key, value] of Object.entries(ours)) {
    const known = result[key];
    if (isObject(known) && isObject(value)) result[key] = merged(known, value);
    else if (Array.isArray(known) && Array.isArray(value)) result[key] = [...known, ...value];
    else if (known === undefined) result[key] = value;
  }
  return result;
}
