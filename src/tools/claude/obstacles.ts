// Why Claude Code runs none of our hooks, as its settings and arguments say. Names the file and
// what to do; what it says itself on the screen is not repeated.
import { asObject, isObject, parseJson } from "../../core/json.ts";
import { isBlank, parseSettings } from "../json-edit.ts";
import type { HookPlace } from "../tool.ts";
import { managedFiles } from "./managed.ts";

export function obstacles(place: HookPlace): string[] {
  const user = `${place.configDir}/settings.json`;
  const project = `${place.directory}/.claude`;
  // The first that says something about hooks decides.
  const files = [
    ...managedFiles,
    `${project}/settings.local.json`,
    `${project}/settings.json`,
    user,
  ].map((path) => ({ path, text: place.readFile(path) ?? "" }));
  return [
    ...fromArguments(place),
    ...(place.arePassed ? [] : skipped(user, place.readFile(user) ?? "")),
    ...files.flatMap(({ path, text }) => managedOnly(path, text)),
    ...switchedOff(files),
  ];
}

const switches: readonly string[] = ["--bare", "--safe-mode"];

function fromArguments({ args, env }: HookPlace): string[] {
  const end = args.indexOf("--");
  const flag = args.slice(0, end < 0 ? undefined : end).find((arg) => switches.includes(arg));
  if (flag !== undefined) return [`Claude Code runs no hooks with ${flag}`];
  return env["CLAUDE_CODE_SIMPLE"] ? ["Claude Code runs no hooks with CLAUDE_CODE_SIMPLE set"] : [];
}

/** Claude Code skips a whole file that is no strict JSON, and our hooks with it. */
function skipped(path: string, text: string): string[] {
  const body = text.replace(/^\ufeff/, "");
  if (isBlank(body) || parseJson(body) !== undefined) return [];
  try {
    parseSettings(path, text);
  } catch {
    return [`Claude Code skips ${path}: it is not valid JSON; repair it`];
  }
  const reason = "it has comments or a trailing comma, which must go from it";
  return [`Claude Code skips ${path}: ${reason} (agents that hcom launches need it not)`];
}

function switchedOff(files: readonly { path: string; text: string }[]): string[] {
  for (const { path, text } of files) {
    const value = asObject(parseJson(text))["disableAllHooks"];
    if (value === true) return [`${path} says "disableAllHooks": true; take that out of it`];
    if (value === false) return [];
  }
  return [];
}

function managedOnly(path: string, text: string): string[] {
  if (!managedFiles.includes(path)) return [];
  const value = parseJson(text);
  if (!isObject(value) || value["allowManagedHooksOnly"] !== true) return [];
  return [`${path} allows no hooks but its own ("allowManagedHooksOnly"); ask who manages it`];
}
