// Puts our MCP server into the settings of programs that can start one, takes it out again, and
// looks whether it is there. Edits and backups as with hooks; see install.ts.
import { type Paths, pathsOf } from "../config/paths.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { fileExists, readText } from "../sys/files.ts";
import { ownProgram } from "../sys/program.ts";
import type { System } from "../sys/system.ts";
import { type McpClientName, mcpClients, toolNameOf } from "../tools/index.ts";
import {
  isOurServer,
  isSameCommand,
  type McpEntry,
  type McpSettings,
  serverWords,
} from "../tools/mcp-settings.ts";
import { puttingIn, takingOut, writeSettings } from "./settings-edit.ts";

export type McpState =
  | "installed"
  | "not_installed"
  /** Ours, but it starts another program: an hcom that was moved or is another one. */
  | "outdated"
  /** Ours, and its owner switched it off. */
  | "disabled"
  /** Somebody else's server has our name. */
  | "foreign"
  | "unreadable";

export interface McpResult {
  client: McpClientName;
  label: string;
  /** The file that holds the entry, or would. */
  path: string;
  state: McpState;
  /** Was the file written? */
  isChanged: boolean;
  /** What the entry runs. */
  command: readonly string[];
  /** Only with `unreadable`. */
  error?: Refusal;
}

export const mcpClientNames: readonly McpClientName[] = Object.keys(mcpClients).filter(isClient);

/** The registered name for a name or alias; throws Refusal `unknown_mcp_client`. */
export function mcpClientOf(word: string): McpClientName {
  const name = toolNameOf(word) ?? word;
  if (isClient(name)) return name;
  throw new Refusal({
    code: "unknown_mcp_client",
    message: `hcom cannot edit the MCP servers of "${word}"`,
    hint: `one of: ${mcpClientNames.join(", ")}`,
    exit: exitCode.usage,
  });
}

/** Throws Refusal for a file that cannot be edited and for somebody else's entry. */
export async function installMcp(
  system: System,
  name: McpClientName,
  program: readonly string[] = ownProgram(),
): Promise<McpResult> {
  const client = await clientOf(system, name, program);
  return refusing(client, () => {
    const path = placeOf(client);
    const text = readText(path);
    const next = client.settings.add(path, text ?? null, client.words);
    // Nothing is written that was not read back.
    const entry = client.settings.find(path, next);
    if (!isOurs(entry)) throw new Error(`the entry made for ${path} cannot be read back`);
    if (next !== text) {
      const bare = text === undefined ? null : client.settings.remove(path, text);
      writeSettings(client.paths, [puttingIn(client.paths, path, text, { bare, next })]);
    }
    return resultOf(client, path, entry, next !== text);
  });
}

/** Takes out what is ours, in every file that may hold it. Somebody else's entry stays. */
export async function removeMcp(
  system: System,
  name: McpClientName,
  program: readonly string[] = ownProgram(),
): Promise<McpResult> {
  const client = await clientOf(system, name, program);
  return refusing(client, () => {
    const place = placeOf(client);
    // All edits are computed before the first file is written.
    const edits = client.files.flatMap((path) => {
      const text = readText(path);
      if (text === undefined || !isOurs(client.settings.find(path, text))) return [];
      return [takingOut(client.paths, path, text, () => client.settings.remove(path, text))];
    });
    writeSettings(client.paths, edits);
    const path = edits[0]?.path ?? place;
    return resultOf(client, path, entryAt(client, path), edits.length > 0);
  });
}

/** Never throws for a file that cannot be read: its state says so. */
export async function mcpStatus(
  system: System,
  names: readonly McpClientName[] = mcpClientNames,
  program: readonly string[] = ownProgram(),
): Promise<McpResult[]> {
  const results: McpResult[] = [];
  for (const name of names) {
    const client = await clientOf(system, name, program);
    try {
      const path = refusing(client, () => placeOf(client));
      results.push(resultOf(client, path, entryAt(client, path), false));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const result = resultOf(client, defaultPlace(client), undefined, false);
      results.push({ ...result, state: "unreadable", error });
    }
  }
  return results;
}

function isClient(name: string): name is McpClientName {
  return Object.hasOwn(mcpClients, name);
}

interface Client {
  name: McpClientName;
  settings: McpSettings;
  /** The command line of our server. */
  words: readonly string[];
  files: readonly string[];
  paths: Paths;
}

async function clientOf(
  system: System,
  name: McpClientName,
  program: readonly string[],
): Promise<Client> {
  const paths = pathsOf(system.env, system.cwd);
  const settings: McpSettings = await mcpClients[name]();
  return {
    name,
    settings,
    words: serverWords(program),
    files: settings.files({ env: system.env, home: system.home }),
    // Hooks may stand in the same file and have a backup of their own: what one of the two puts
    // back must not take the entries of the other along.
    paths: { ...paths, backups: `${paths.backups}/mcp` },
  };
}

/** The file that holds an entry under our name; else the one to put it into. */
function placeOf(client: Client): string {
  const holder = client.files.find((path) => entryAt(client, path) !== undefined);
  return holder ?? defaultPlace(client);
}

function defaultPlace({ name, files }: Client): string {
  const path = files.find(fileExists) ?? files.at(-1);
  if (path === undefined) throw new Error(`no settings file is known for ${name}`);
  return path;
}

function entryAt({ settings }: Client, path: string): McpEntry | undefined {
  const text = readText(path);
  return text === undefined ? undefined : settings.find(path, text);
}

function isOurs(entry: McpEntry | undefined): entry is McpEntry {
  return entry !== undefined && isOurServer(entry.words);
}

function resultOf(
  client: Client,
  path: string,
  entry: McpEntry | undefined,
  isChanged: boolean,
): McpResult {
  const state = stateOf(client, entry);
  const command = entry?.words ?? [];
  return { client: client.name, label: client.settings.label, path, state, isChanged, command };
}

function stateOf({ words }: Client, entry: McpEntry | undefined): McpState {
  if (entry === undefined) return "not_installed";
  if (!isOurs(entry)) return "foreign";
  if (!isSameCommand(entry.words, words)) return "outdated";
  return entry.isOn ? "installed" : "disabled";
}

function refusing<T>(client: Client, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof Error && "code" in error)) throw error;
    throw new Refusal({
      code: "settings_unwritable",
      message: `cannot edit ${client.files.join(", ")}: ${error.message}`,
      hint: "check the permissions of that file and its directory",
    });
  }
}
