// What is asked of the registry of agent programs. Programs are loaded when asked for; what every
// start of ours needs (names, markers, hook commands) is data, loaded at once.

import type { Env } from "../core/env.ts";
import type { McpSettings } from "./mcp-settings.ts";
import * as registered from "./registered.ts";
import type { Tool } from "./tool.ts";

export type ToolName = keyof typeof registered;

const identities = { ...registered };

/** In the order in which an environment is searched for their markers. */
export const toolNames: readonly ToolName[] = Object.keys(identities).filter(isRegistered);

const all = toolNames.map((name) => identities[name]);

export const tools = loaders(identities);

/** Programs that can start our MCP server; not all of them are tools. Parsers come with them. */
export const mcpClients = {
  claude: async () => (await import("./claude/mcp-settings.ts")).mcpSettings,
  codex: async () => (await import("./codex/mcp-settings.ts")).mcpSettings,
  gemini: async () => (await import("./gemini/mcp-settings.ts")).mcpSettings,
  opencode: async () => (await import("./opencode/mcp-settings.ts")).mcpSettings,
} as const satisfies Readonly<Record<string, () => Promise<McpSettings>>>;

export type McpClientName = keyof typeof mcpClients;

/** The registered name for a name or alias. */
export function toolNameOf(nameOrAlias: string): ToolName | undefined {
  return toolNames.find((name) => {
    const aliases: readonly string[] = identities[name].aliases;
    return name === nameOrAlias || aliases.includes(nameOrAlias);
  });
}

export async function findTool(nameOrAlias: string): Promise<Tool | undefined> {
  const name = toolNameOf(nameOrAlias);
  return name === undefined ? undefined : tools[name]();
}

/** Whose hook command is it? No program is loaded to tell. */
export function toolOfHook(hookCommand: string): ToolName | undefined {
  return toolNames.find((name) => Object.hasOwn(identities[name].hooks, hookCommand));
}

/** The commands of all hooks; what they write to the log names them. */
export const hookNames: readonly string[] = toolNames.flatMap((name) =>
  Object.keys(identities[name].hooks),
);

/** A hook that has nothing to do for an agent without mail, but after an approval. */
export function isMailHook(hookCommand: string): boolean {
  return all.some((one) => one.mailHooks.includes(hookCommand));
}

/** How long a hook of this name may hold its agent up, in milliseconds, whatever it waits for. */
export function patienceOfHook(hookCommand: string): number {
  if (all.some((one) => one.actionHooks.includes(hookCommand))) return 300;
  return all.some((one) => one.sessionEndHook === hookCommand) ? 1000 : 2000;
}

/** The agent program that we run inside of, by its markers, else by what our launcher said. */
export function detectTool(env: Env): ToolName | undefined {
  const proved = toolNames.find((name) =>
    identities[name].markers.some((marker) => {
      const value = env[marker.env];
      return marker.equals === undefined ? Boolean(value) : value === marker.equals;
    }),
  );
  return proved ?? toolNameOf(env["HCOM_TOOL"] ?? "");
}

/** The session of the agent program that we run inside of. */
export function sessionInEnv(env: Env): string | undefined {
  const name = detectTool(env);
  return name === undefined ? undefined : identities[name].sessionOf(env);
}

/** Does the process of this tool start another one of itself, which does the work? */
export function restartsItself(toolName: string): boolean {
  return all.some((one) => one.name === toolName && one.restartsItself);
}

/** Variables that say "inside such a program": taken out of the environment of its children. */
export const allMarkers: readonly string[] = [
  ...toolNames.flatMap((name) => identities[name].markers.map((marker) => marker.env)),
  "HCOM_TOOL",
];

function isRegistered(name: string): name is ToolName {
  return Object.hasOwn(identities, name);
}

function loaders<Name extends string>(
  registered: Readonly<Record<Name, { load(): Promise<Tool> }>>,
): Readonly<Record<Name, () => Promise<Tool>>> {
  const found = {} as Record<Name, () => Promise<Tool>>;
  for (const name in registered) found[name] = () => registered[name].load();
  return found;
}
